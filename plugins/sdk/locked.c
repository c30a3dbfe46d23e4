/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Memory for secrets, in whole pages of its own, so that locking and leaving out of dumps touch nothing else.
 * There is no allocator here: a probe needs two or three such pieces in its life.
 */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "locked.h"

/* On fault: what is never written costs nothing.  Containers may forbid locking to everybody; then the memory can be
 * swapped, as the memory of every mail app can, and a diagnosis without a login would help nobody. */
static int lock(void *memory, size_t size) {
        return mlock2(memory, size, MLOCK_ONFAULT) < 0 && errno != EPERM && errno != ENOSYS ? -errno : 0;
}

void *md_locked_new(size_t size) {
        void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
                return NULL;
        if (lock(memory, size) < 0 || madvise(memory, size, MADV_DONTDUMP) < 0) {
                munmap(memory, size);
                return NULL;
        }
        return memory;
}

/* Growing a file beyond RLIMIT_FSIZE is no error but a signal that kills. */
static int may_size_file(size_t size) {
        struct rlimit limit;
        return getrlimit(RLIMIT_FSIZE, &limit) == 0 &&
               (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= size);
}

void *md_locked_new_hidden(size_t size) {
#ifdef SYS_memfd_secret
        int fd = may_size_file(size) ? (int) syscall(SYS_memfd_secret, O_CLOEXEC) : -1;
        if (fd >= 0) {
                void *memory = MAP_FAILED;
                if (ftruncate(fd, (off_t) size) == 0)
                        memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
                close(fd);
                if (memory != MAP_FAILED)
                        return memory;
        }
#endif
        return md_locked_new(size);
}

void *md_locked_free(void *memory, size_t size, size_t used) {
        if (memory) {
                explicit_bzero(memory, used);
                munmap(memory, size);
        }
        return NULL;
}
