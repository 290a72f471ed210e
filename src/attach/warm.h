/* What a recording needs, in memory before it starts. */
#pragma once

/* Once per process, before the first recording: pages that the first recordings would otherwise fault in one by one. */
void warm_pages(void);
