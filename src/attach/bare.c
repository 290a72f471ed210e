/* bare.c: a task of the kernel's in this process -> a thread.
 *
 * glibc has shorter ways for processes of one thread, and gives them up when the first is made, for good: from then on each malloc() and
 * free() of more than a kilobyte takes a lock, 20 ns the pair; a match of a regular expression needs one. That would be the price of
 * looking for hot code in programs without threads of their own. So the C library is not told: clone(), and no pthread.
 *
 * What that costs: the thread has no thread-local storage. It shares that of who has made it (errno, CPython's thread state, malloc's
 * cache), so it may not call what uses it. And setuid() reaches the threads only that the C library knows. So where there are rights to
 * lose, this one gives up all system calls first, but those it lives by (seccomp). */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "bare.h"
#include <stddef.h>

#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define STACK_SIZE (64 << 10)
#define GUARD_SIZE (64 << 10)       /* of any page size */

/* The result, or a negative error number; errno is left alone. */
static long system_call(long number, long a, long b, long c, long d, long e)
{
#ifdef __x86_64__
    register long r10 __asm__("r10") = d, r8 __asm__("r8") = e;
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8) : "rcx", "r11", "memory");
    return result;
#else
    register long x8 __asm__("x8") = number, x0 __asm__("x0") = a, x1 __asm__("x1") = b, x2 __asm__("x2") = c, x3 __asm__("x3") = d,
        x4 __asm__("x4") = e;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
    return x0;
#endif
}

static long futex(_Atomic uint32_t *word, int what, uint32_t value, const struct timespec *timeout)
{
    return system_call(SYS_futex, (long)word, what, (long)value, (long)timeout, 0);
}

void bare_wait(_Atomic uint32_t *word, uint32_t value, uint64_t ns)
{
    struct timespec t = {(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
    futex(word, FUTEX_WAIT_PRIVATE, value, ns ? &t : NULL);
}

void bare_wake(_Atomic uint32_t *word) { futex(word, FUTEX_WAKE_PRIVATE, INT32_MAX, NULL); }

/* Of glibc 2.32 and later. */
extern char __libc_single_threaded __attribute__((weak));

int bare_is_alone(void) { return &__libc_single_threaded && *(volatile char *)&__libc_single_threaded; }

/* Valgrind runs the threads of a process itself, with system calls of its own in each. */
static int is_emulated(void)
{
    const char *preload = getenv("LD_PRELOAD");
    return preload && strstr(preload, "/vgpreload_");
}

static struct {
    void (*body)(void);
    char *memory;
    _Atomic uint32_t id;            /* the kernel clears it when the thread is gone, and wakes who waits */
    _Atomic uint32_t state;         /* STARTING, then RUNS or REFUSED */
    int confined;                   /* it may do nothing but wait */
} bare;
enum { STARTING, RUNS, REFUSED };

/* The process can do what it may want to give up. */
static int has_rights(void)
{
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3] = {{0}};
    if (geteuid() == 0 || getuid() != geteuid() || getgid() != getegid())
        return 1;
    return system_call(SYS_capget, (long)&head, (long)caps, 0, 0, 0) != 0 || caps[0].permitted || caps[1].permitted;
}

/* Every other system call fails with EPERM from here on, for this thread. 0: that cannot be had. */
static int confine(void)
{
#ifdef __x86_64__
    enum { MACHINE = AUDIT_ARCH_X86_64 };
#else
    enum { MACHINE = AUDIT_ARCH_AARCH64 };
#endif
#define ALLOWED(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_THREAD),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        ALLOWED(SYS_futex), ALLOWED(SYS_clock_gettime), ALLOWED(SYS_restart_syscall), ALLOWED(SYS_exit),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1)};
#undef ALLOWED
    struct sock_fprog program = {sizeof rules / sizeof *rules, rules};
    return system_call(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           system_call(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, (long)&program, 0, 0) == 0;
}

static int run(void *unused)
{
    (void)unused;
    system_call(SYS_prctl, PR_SET_NAME, (long)"copypatch", 0, 0, 0);
    int good = !bare.confined || confine();
    atomic_store(&bare.state, good ? RUNS : REFUSED);
    bare_wake(&bare.state);
    if (good)
        bare.body();
    return 0;
}

void bare_join(void)
{
    uint32_t id;
    while ((id = atomic_load(&bare.id)) != 0)
        futex(&bare.id, FUTEX_WAIT, id, NULL);
    munmap(bare.memory, GUARD_SIZE + STACK_SIZE);
}

void bare_forget(void)
{
    munmap(bare.memory, GUARD_SIZE + STACK_SIZE);
    atomic_store(&bare.id, 0);
}

int bare_start(void (*body)(void))
{
    if (is_emulated())
        return 0;
    char *memory = mmap(NULL, GUARD_SIZE + STACK_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1,
                        0);
    if (memory == MAP_FAILED)
        return 0;
    mprotect(memory, GUARD_SIZE, PROT_NONE);
    bare.body = body;
    bare.memory = memory;
    bare.confined = has_rights();
    atomic_store(&bare.state, STARTING);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_PARENT_SETTID |
        CLONE_CHILD_CLEARTID;
    int made = clone(run, memory + GUARD_SIZE + STACK_SIZE, flags, NULL, &bare.id, NULL, &bare.id) > 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    while (made && bare.confined && atomic_load(&bare.state) == STARTING)
        bare_wait(&bare.state, STARTING, 0);
    if (made && bare.confined && atomic_load(&bare.state) == REFUSED) {
        bare_join();
        return 0;
    }
    if (!made)
        munmap(memory, GUARD_SIZE + STACK_SIZE);
    return made;
}

#else       /* an ordinary thread it is, then */
#include <time.h>
#include <unistd.h>

int bare_is_alone(void) { return 0; }
int bare_start(void (*body)(void)) { (void)body; return 0; }
void bare_join(void) {}
void bare_forget(void) {}

#ifdef __linux__
#include <linux/futex.h>
#include <sys/syscall.h>
void bare_wait(_Atomic uint32_t *word, uint32_t value, uint64_t ns)
{
    struct timespec t = {(time_t)(ns / 1000000000u), (long)(ns % 1000000000u)};
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, ns ? &t : NULL);
}
void bare_wake(_Atomic uint32_t *word) { syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT32_MAX); }
#else
#define NAP 20000000u
void bare_wait(_Atomic uint32_t *word, uint32_t value, uint64_t ns)
{
    struct timespec t = {0, ns && ns < NAP ? (long)ns : (long)NAP};
    if (atomic_load(word) == value)
        nanosleep(&t, NULL);
}
void bare_wake(_Atomic uint32_t *word) { (void)word; }
#endif
#endif
