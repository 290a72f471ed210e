/* machine.c: machine_enter() for each machine and convention, in assembly: C compilers do not let go of kept registers. */
#include "machine.h"


#if defined(__x86_64__)

#define KEEP(bit, r) "    movq $0x1234500" #bit ", %" #r "\n"
#define KEPT(bit, r) "    xorl %ecx, %ecx\n    cmpq $0x1234500" #bit ", %" #r "\n    setne %cl\n    shll $" #bit ", %ecx\n    orl %ecx, %eax\n"
#define KEEP_X(bit, r) "    movq $0x1234500" #bit ", %rax\n    movq %rax, %" #r "\n    punpcklqdq %" #r ", %" #r "\n"
#define KEPT_X(bit, r) "    movq $0x1234500" #bit ", %rdx\n    movq %rdx, %xmm0\n    punpcklqdq %xmm0, %xmm0\n    pcmpeqd %" #r ", %xmm0\n" \
    "    pmovmskb %xmm0, %edx\n    xorl %ecx, %ecx\n    cmpl $0xffff, %edx\n    setne %cl\n    shll $" #bit ", %ecx\n    orl %ecx, %eax\n"
#define JUNK(n) "    pcmpeqd %xmm" #n ", %xmm" #n "\n"
#define INTS(do) do(0, rbx) do(1, rbp) do(2, r12) do(3, r13) do(4, r14) do(5, r15)
#ifdef TARGET_WINDOWS
#define MORE(do, do_x) do(6, rdi) do(7, rsi) do_x(8, xmm6) do_x(9, xmm7) do_x(10, xmm8) do_x(11, xmm9) do_x(12, xmm10) do_x(13, xmm11) \
    do_x(14, xmm12) do_x(15, xmm13) do_x(16, xmm14) do_x(17, xmm15)
#define ARGUMENTS "    movq %rdi, %r10\n    movq %rsi, %rcx\n    subq $40, %rsp\n"
#define AFTER "    addq $40, %rsp\n"
#define LOST
#else
#define MORE(do, do_x)
#define LOST JUNK(8) JUNK(9) JUNK(10) JUNK(11) JUNK(12) JUNK(13) JUNK(14) JUNK(15)      /* scratch registers hold anything */
#define ARGUMENTS "    movq %rdi, %r10\n    movq %rsi, %rdi\n    movq %rdx, %rsi\n    subq $8, %rsp\n"
#define AFTER "    addq $8, %rsp\n"
#endif

__asm__(".text\n.globl machine_enter\n.type machine_enter, @function\nmachine_enter:\n"
    "    pushq %rbx\n    pushq %rbp\n    pushq %r12\n    pushq %r13\n    pushq %r14\n    pushq %r15\n"
    ARGUMENTS LOST INTS(KEEP) MORE(KEEP, KEEP_X)
    "    call *%r10\n"
    "    xorl %eax, %eax\n" INTS(KEPT) MORE(KEPT, KEPT_X) AFTER
    "    popq %r15\n    popq %r14\n    popq %r13\n    popq %r12\n    popq %rbp\n    popq %rbx\n    ret\n.size machine_enter, .-machine_enter\n");

#elif defined(__aarch64__)

#define KEEP(bit, r) "    mov " #r ", #" #bit "77\n"
#define KEPT(bit, r) "    cmp " #r ", #" #bit "77\n    cset w9, ne\n    lsl w9, w9, #" #bit "\n    orr w0, w0, w9\n"
#define KEEP_D(bit, r) "    mov x9, #" #bit "77\n    fmov " #r ", x9\n"
#define KEPT_D(bit, r) "    fmov x10, " #r "\n    cmp x10, #" #bit "77\n    cset w9, ne\n    lsl w9, w9, #" #bit "\n    orr w0, w0, w9\n"
#define INTS(do) do(0, x19) do(1, x20) do(2, x21) do(3, x22) do(4, x23) do(5, x24) do(6, x25) do(7, x26) do(8, x27) do(9, x28) do(10, x29)
#define DOUBLES(do) do(11, d8) do(12, d9) do(13, d10) do(14, d11) do(15, d12) do(16, d13) do(17, d14) do(18, d15)
#if defined(TARGET_WINDOWS) || defined(TARGET_DARWIN)
#define PLATFORM(do) do(19, x18)            /* the system's: nobody may write it */
#else
#define PLATFORM(do)
#endif

__asm__(".text\n.globl machine_enter\n.type machine_enter, %function\nmachine_enter:\n"
    "    stp x29, x30, [sp, #-176]!\n    stp x19, x20, [sp, #16]\n    stp x21, x22, [sp, #32]\n    stp x23, x24, [sp, #48]\n"
    "    stp x25, x26, [sp, #64]\n    stp x27, x28, [sp, #80]\n    stp d8, d9, [sp, #96]\n    stp d10, d11, [sp, #112]\n"
    "    stp d12, d13, [sp, #128]\n    stp d14, d15, [sp, #144]\n"
    "    mov x11, x0\n    mov x0, x1\n    mov x1, x2\n" INTS(KEEP) PLATFORM(KEEP) DOUBLES(KEEP_D)
    "    blr x11\n    mov w0, #0\n" INTS(KEPT) PLATFORM(KEPT) DOUBLES(KEPT_D)
    "    ldp x19, x20, [sp, #16]\n    ldp x21, x22, [sp, #32]\n    ldp x23, x24, [sp, #48]\n    ldp x25, x26, [sp, #64]\n"
    "    ldp x27, x28, [sp, #80]\n    ldp d8, d9, [sp, #96]\n    ldp d10, d11, [sp, #112]\n    ldp d12, d13, [sp, #128]\n"
    "    ldp d14, d15, [sp, #144]\n    ldp x29, x30, [sp], #176\n    ret\n.size machine_enter, .-machine_enter\n");

#elif defined(__i386__)

/* The stack pointer is a multiple of 4 and no more, and the x87 stack must be empty again afterwards. */
#define KEEP(bit, r) "    movl $0x1234500" #bit ", %" #r "\n"
#define KEPT(bit, r) "    xorl %ecx, %ecx\n    cmpl $0x1234500" #bit ", %" #r "\n    setne %cl\n    shll $" #bit ", %ecx\n    orl %ecx, %eax\n"
#define INTS(do) do(0, ebx) do(1, esi) do(2, edi) do(3, ebp)

__asm__(".text\n.globl machine_enter\n.type machine_enter, @function\nmachine_enter:\n"
    "    pushl %ebx\n    pushl %esi\n    pushl %edi\n    pushl %ebp\n    movl %esp, %eax\n    andl $-16, %esp\n    subl $20, %esp\n    movl %eax, 12(%esp)\n"
    "    movl 24(%eax), %ecx\n    movl %ecx, (%esp)\n    movl 28(%eax), %ecx\n    movl %ecx, 4(%esp)\n    movl 20(%eax), %eax\n" INTS(KEEP)
    "    call *%eax\n    xorl %eax, %eax\n" INTS(KEPT)
    "    movl 12(%esp), %esp\n    subl $28, %esp\n    fnstenv (%esp)\n    cmpw $0xffff, 8(%esp)\n    setne %cl\n    movzbl %cl, %ecx\n    shll $4, %ecx\n"
    "    orl %ecx, %eax\n    fninit\n    addl $28, %esp\n"
    "    popl %ebp\n    popl %edi\n    popl %esi\n    popl %ebx\n    ret\n.size machine_enter, .-machine_enter\n");

#endif

__asm__(".section .note.GNU-stack,\"\",%progbits\n.text");
