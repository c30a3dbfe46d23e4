/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The lists of system calls.  What is on none of them fails with EPERM, since libraries try more than they
 * need; what only an attacker tries ends the process.
 *
 * A filter sees numbers, never what a pointer leads to: paths are for Landlock, ports, too.
 */

#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "filter.h"
#include "instrumented.h"

struct Filter {
        unsigned short n;
        struct sock_filter code[];
};

typedef struct Rule {
        int number;                     /* of the system call */
        unsigned n_arguments;
        struct scmp_arg_cmp arguments[3];
} Rule;

#define CALL(name) { SCMP_SYS(name), 0, { { 0 } } }
#define COUNT(...) (sizeof((struct scmp_arg_cmp[]) { __VA_ARGS__ }) / sizeof(struct scmp_arg_cmp))
#define CALL_IF(name, ...) { SCMP_SYS(name), COUNT(__VA_ARGS__), { __VA_ARGS__ } }
#define IS(argument, value) { (argument), SCMP_CMP_EQ, (value), 0 }
#define BITS_ARE(argument, mask, value) { (argument), SCMP_CMP_MASKED_EQ, (mask), (value) }
#define WITHOUT(argument, mask) BITS_ARE(argument, mask, 0)

#define SOCKET_KIND 0xfu                /* the other bits of a type are SOCK_CLOEXEC and SOCK_NONBLOCK */

/* In every stage. TCP Fast Open connects where nothing but a flag of a sending call says so, out of Landlock's sight. */
static const Rule always[] = {
        CALL(read), CALL(write), CALL(close), CALL(pread64),
        CALL(getsockopt), CALL(recvfrom), CALL(poll),
        CALL_IF(sendto, WITHOUT(3, MSG_FASTOPEN)),
        CALL_IF(sendmsg, WITHOUT(2, MSG_FASTOPEN)),
        /* F_SETOWN would let a socket send signals. */
        CALL_IF(fcntl, IS(1, F_GETFD)), CALL_IF(fcntl, IS(1, F_SETFD)),
        CALL_IF(fcntl, IS(1, F_GETFL)), CALL_IF(fcntl, IS(1, F_SETFL)),
        CALL(fstat),
        CALL_IF(mmap, WITHOUT(2, PROT_EXEC)),
        CALL_IF(mprotect, WITHOUT(2, PROT_EXEC)),
        CALL(munmap), CALL(mremap), CALL(brk), CALL(madvise), CALL(munlock),
        CALL(futex), CALL(clock_gettime), CALL(getrandom), CALL(getpid),
        CALL(rt_sigaction), CALL(rt_sigprocmask), CALL(rt_sigreturn), CALL(restart_syscall),
        CALL(exit), CALL(exit_group),
};

/* Where there is a network.  MPTCP is out of Landlock's sight altogether. */
static const Rule connecting[] = {
        CALL_IF(socket, IS(0, AF_INET), BITS_ARE(1, SOCKET_KIND, SOCK_STREAM), IS(2, 0)),
        CALL_IF(socket, IS(0, AF_INET), BITS_ARE(1, SOCKET_KIND, SOCK_STREAM), IS(2, IPPROTO_TCP)),
        CALL_IF(socket, IS(0, AF_INET6), BITS_ARE(1, SOCKET_KIND, SOCK_STREAM), IS(2, 0)),
        CALL_IF(socket, IS(0, AF_INET6), BITS_ARE(1, SOCKET_KIND, SOCK_STREAM), IS(2, IPPROTO_TCP)),
        CALL(connect), CALL(getsockname), CALL(setsockopt),
};

/* Only in a dialogue, where the stages before need more of the same: the C library asks for the type of a
 * descriptor by an empty name. */
static const Rule in_dialogue[] = {
        CALL_IF(newfstatat, BITS_ARE(3, AT_EMPTY_PATH, AT_EMPTY_PATH)),
};

/* Where files are read. */
static const Rule reading[] = {
        CALL_IF(open, WITHOUT(1, O_ACCMODE | O_CREAT | O_TRUNC)),
        CALL_IF(openat, WITHOUT(2, O_ACCMODE | O_CREAT | O_TRUNC)),
        CALL(newfstatat), CALL(stat), CALL(lstat), CALL(statx), CALL(access), CALL(faccessat),
        CALL(faccessat2), CALL(readlink), CALL(readlinkat), CALL(getdents64), CALL(lseek), CALL(readv),
        CALL(fstatfs), CALL(getcwd),
        CALL_IF(fcntl, IS(1, F_DUPFD_CLOEXEC)),
};

/* Where names are looked up, by the name service or by a resolver of one's own. */
static const Rule asking[] = {
        CALL_IF(socket, IS(0, AF_INET), BITS_ARE(1, SOCKET_KIND, SOCK_DGRAM)),
        CALL_IF(socket, IS(0, AF_INET6), BITS_ARE(1, SOCKET_KIND, SOCK_DGRAM)),
        CALL(recvmsg), CALL(sendmmsg), CALL(recvmmsg), CALL(writev), CALL(shutdown), CALL(getpeername),
        CALL(ppoll), CALL(select), CALL(pselect6), CALL_IF(ioctl, IS(1, FIONREAD)),
        CALL(epoll_create1), CALL(epoll_ctl), CALL(epoll_wait), CALL(epoll_pwait), CALL(eventfd2),
        CALL(timerfd_create), CALL(timerfd_settime),
        CALL(gettimeofday), CALL(time), CALL(nanosleep), CALL(clock_nanosleep), CALL(clock_getres),
        CALL(uname), CALL(sysinfo),
        CALL(getuid), CALL(geteuid), CALL(getgid), CALL(getegid), CALL(getppid), CALL(gettid),
        CALL(sched_getaffinity), CALL(sched_yield),
};

/* The name service asks local daemons, and loads its modules. */
static const Rule name_service[] = {
        CALL_IF(socket, IS(0, AF_UNIX)),
        CALL(mmap), CALL(mprotect),
};

/* Until a dialogue begins: what is needed to go on to it. */
static const Rule until_dialogue[] = {
        CALL(mlock), CALL(mlock2), CALL(memfd_secret), CALL(ftruncate),
        CALL(getrlimit), CALL(setrlimit), CALL(prlimit64),
        CALL(landlock_create_ruleset), CALL(landlock_add_rule), CALL(landlock_restrict_self), CALL(seccomp),
};

/* Libraries that speak with many hosts wake themselves up over sockets and pipes; a resolver chooses its own ports.  (TCP is
 * not bound: that is Landlock's.)  They are used without threads. */
static const Rule finding[] = {
        CALL(bind), CALL_IF(socketpair, IS(0, AF_UNIX)), CALL(pipe2), CALL(getrlimit), CALL_IF(prlimit64, IS(2, 0)),
        CALL_IF(ioctl, IS(1, FIONBIO)),
};

/* A child process shares nothing with its parent, and is in the same namespaces. */
#define CLONE_MORE_THAN_FORK \
        (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_PTRACE | CLONE_VFORK | CLONE_PARENT | \
         CLONE_THREAD | CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | \
         CLONE_NEWPID | CLONE_NEWNET)

static const Rule in_worker[] = {
        CALL(fork), CALL_IF(clone, WITHOUT(0, CLONE_MORE_THAN_FORK)), CALL(set_robust_list),
        CALL(wait4), CALL(waitid), CALL(kill), CALL(tgkill), CALL(signalfd4),
        CALL(openat2), CALL(pipe2), CALL(dup2), CALL(dup3), CALL(fcntl), CALL(close_range), CALL(chdir),
        CALL(prctl), CALL(capget), CALL(capset), CALL(setitimer),
};

/* What AddressSanitizer needs besides. */
static const Rule instrumented[] = {
        CALL(gettid), CALL(sigaltstack), CALL(sched_yield), CALL(prlimit64), CALL(getrlimit), CALL(readlink),
        CALL_IF(openat, WITHOUT(2, O_ACCMODE | O_CREAT | O_TRUNC)), CALL(mlock), CALL(newfstatat),
        CALL(readv),
};

static const int deadly[] = {
        SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv),
        SCMP_SYS(process_vm_writev),
};

#define IN(stage) (1u << FILTER_##stage)
#define IN_ZYGOTES (IN(WORKER) | IN(FINDER))
#define IN_DISCOVERY (IN(FINDER) | IN(DNS) | IN(WEB))

static const struct {
        const Rule *rules;
        size_t n;
        unsigned stages;
        bool used;
} lists[] = {
#define LIST(rules, stages, used) { rules, sizeof(rules) / sizeof(rules[0]), stages, used }
        LIST(always, ~0u, true),
        LIST(connecting, ~IN(TABLE), true),
        LIST(in_dialogue, IN(DIALOGUE), !INSTRUMENTED),
        LIST(reading, ~IN(DIALOGUE), true),
        LIST(asking, IN(WORKER) | IN(RESOLVE) | IN_DISCOVERY, true),
        LIST(name_service, IN(WORKER) | IN(RESOLVE) | IN(FINDER) | IN(WEB), true),
        LIST(until_dialogue, IN_ZYGOTES | IN(RESOLVE), true),
        LIST(finding, IN_DISCOVERY, true),
        LIST(in_worker, IN_ZYGOTES, true),
        LIST(instrumented, ~0u, INSTRUMENTED),
};

#define N_LISTS (sizeof(lists) / sizeof(lists[0]))

static bool list_is_in(size_t i, FilterStage stage) {
        return lists[i].used && lists[i].stages & 1u << stage;
}

/* Rules of the same call are alternatives.  One that is there already, with fewer conditions, is no error. */
static int rule_add(scmp_filter_ctx context, const Rule *rule) {
        int r = seccomp_rule_add_array(context, SCMP_ACT_ALLOW, rule->number, rule->n_arguments,
                                       rule->arguments);
        return r == -EEXIST ? 0 : r;
}

/* What a library does without when it is told that there is no such thing, and would fail when told that it may not. */
static int absences_add(scmp_filter_ctx context) {
        const struct scmp_arg_cmp fast_open[] = {
                BITS_ARE(2, MSG_FASTOPEN, MSG_FASTOPEN), BITS_ARE(3, MSG_FASTOPEN, MSG_FASTOPEN),
        };
        int r = seccomp_rule_add_array(context, SCMP_ACT_ERRNO(EOPNOTSUPP), SCMP_SYS(sendmsg), 1, &fast_open[0]);
        if (r >= 0)
                r = seccomp_rule_add_array(context, SCMP_ACT_ERRNO(EOPNOTSUPP), SCMP_SYS(sendto), 1, &fast_open[1]);
        /* The C library falls back to clone(), whose flags can be looked at. */
        return r < 0 ? r : seccomp_rule_add(context, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

static int rules_add(scmp_filter_ctx context, FilterStage stage) {
        int r = 0;

        for (size_t i = 0; r >= 0 && i < N_LISTS; i++)
                for (size_t j = 0; r >= 0 && list_is_in(i, stage) && j < lists[i].n; j++)
                        r = rule_add(context, &lists[i].rules[j]);
        for (size_t i = 0; r >= 0 && i < sizeof(deadly) / sizeof(deadly[0]); i++)
                r = seccomp_rule_add(context, SCMP_ACT_KILL_PROCESS, deadly[i], 0);
        if (r >= 0)
                r = absences_add(context);
        /* A sorted tree instead of a list of comparisons. */
        if (r >= 0)
                r = seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2);
        return r;
}

static int code_read(int fd, Filter **ret) {
        off_t size = lseek(fd, 0, SEEK_END);
        if (size < 0)
                return -errno;
        size_t n = (size_t) size / sizeof(struct sock_filter);
        if (n == 0 || size % sizeof(struct sock_filter) || n > BPF_MAXINSNS)
                return -EBADMSG;

        Filter *filter = malloc(sizeof(*filter) + size);
        if (!filter)
                return -ENOMEM;
        filter->n = (unsigned short) n;
        if (pread(fd, filter->code, size, 0) != size) {
                filter_free(filter);
                return -EIO;
        }
        *ret = filter;
        return 0;
}

static int export(scmp_filter_ctx context, Filter **ret) {
        int fd = memfd_create("filter", MFD_CLOEXEC);
        if (fd < 0)
                return -errno;
        int r = seccomp_export_bpf(context, fd);
        if (r >= 0)
                r = code_read(fd, ret);
        close(fd);
        return r;
}

int filter_new(FilterStage stage, Filter **ret) {
        scmp_filter_ctx context = seccomp_init(SCMP_ACT_ERRNO(EPERM));
        if (!context)
                return -ENOMEM;

        int r = rules_add(context, stage);
        if (r >= 0)
                r = export(context, ret);
        seccomp_release(context);
        return r;
}

Filter *filter_free(Filter *filter) {
        free(filter);
        return NULL;
}

int filter_install(const Filter *filter) {
        struct sock_fprog program = { .len = filter->n, .filter = (struct sock_filter *) filter->code };

        return syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0 ? -errno : 0;
}

size_t filter_count(FilterStage stage) {
        size_t n = 0;

        for (size_t i = 0; i < N_LISTS; i++)
                for (size_t j = 0; list_is_in(i, stage) && j < lists[i].n; j++)
                        n += j == 0 || lists[i].rules[j].number != lists[i].rules[j - 1].number;
        return n;
}
