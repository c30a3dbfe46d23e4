/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What can still be done in each stage of the sandbox, tried for real.
 *
 * Every attempt runs in a process of its own that enters the stage and tells the errno of the attempt by its
 * exit status; a status of 0 means that it worked.
 */

#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/keyctl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "filter.h"
#include "harness.h"
#include "instrumented.h"
#include "sandbox.h"

#define TROUBLE 200                     /* exit status: the stage could not be entered */
#define BY_SIGNAL(signal) (1000 + (signal))

static uint16_t port, other_port;
static int kept;                        /* a descriptor that is handed to the probe: a file without a name */

static uint16_t listen_somewhere(void) {
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        socklen_t size = sizeof(address);
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        ck_assert_int_eq(bind(fd, (struct sockaddr *) &address, size), 0);
        ck_assert_int_eq(listen(fd, 8), 0);
        ck_assert_int_eq(getsockname(fd, (struct sockaddr *) &address, &size), 0);
        return ntohs(address.sin_port);
}

/* ---- attempts: 0 or errno ---- */

#define FAILED(call) ((call) < 0 ? errno : 0)

static int open_to_read(void) {
        return FAILED(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

/* What was handed to the probe, by its name. */
static int open_again(void) {
        char path[64];
        snprintf(path, sizeof(path), "/proc/self/fd/%d", kept);
        return FAILED(open(path, O_RDONLY | O_CLOEXEC));
}

static int open_data(void) {
        return FAILED(open("/usr/share/doc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

static int open_resolver(void) {
        return FAILED(open("/etc/hosts", O_RDONLY | O_CLOEXEC));
}

static int open_to_write(void) {
        return FAILED(open("/dev/null", O_WRONLY | O_CLOEXEC));
}

static int open_to_create(void) {
        return FAILED(open("/tmp/maildiag-never", O_RDONLY | O_CREAT | O_CLOEXEC, 0600));
}

static int write_to_file(void) {
        return FAILED(write(kept, "x", 1));
}

static int connect_to(uint16_t to, int protocol) {
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                       .sin_port = htons(to) };
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, protocol);
        return fd < 0 ? errno : FAILED(connect(fd, (struct sockaddr *) &address, sizeof(address)));
}

static int connect_port(void) {
        return connect_to(port, 0);
}

static int connect_other_port(void) {
        return connect_to(other_port, IPPROTO_TCP);
}

static int connect_dns(void) {
        return connect_to(53, 0);
}

static int connect_web(void) {
        return connect_to(443, 0);
}

static int connect_multipath(void) {
        return connect_to(other_port, IPPROTO_MPTCP);
}

/* Connects without connect(). */
static int fast_open(bool by_message) {
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                       .sin_port = htons(other_port) };
        struct iovec part = { (void *) "x", 1 };
        struct msghdr message = { .msg_name = &address, .msg_namelen = sizeof(address), .msg_iov = &part,
                                  .msg_iovlen = 1 };
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0)
                return errno;
        if (by_message)
                return FAILED(sendmsg(fd, &message, MSG_FASTOPEN));
        return FAILED(sendto(fd, "x", 1, MSG_FASTOPEN, (struct sockaddr *) &address, sizeof(address)));
}

static int fast_open_sendto(void) {
        return fast_open(false);
}

static int fast_open_sendmsg(void) {
        return fast_open(true);
}

static int bind_port(void) {
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        return fd < 0 ? errno : FAILED(bind(fd, (struct sockaddr *) &address, sizeof(address)));
}

static int bind_udp(void) {
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        return fd < 0 ? errno : FAILED(bind(fd, (struct sockaddr *) &address, sizeof(address)));
}

static int listen_port(void) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        return fd < 0 ? errno : FAILED(listen(fd, 1));
}

static int socket_udp(void) {
        return FAILED(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

static int socket_raw(void) {
        return FAILED(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP));
}

static int socket_unix(void) {
        return FAILED(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static int socket_netlink(void) {
        return FAILED(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0));
}

static int socket_packet(void) {
        return FAILED(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
}

static int resolve(void) {
        struct addrinfo *found, hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG };
        return getaddrinfo("localhost", "25", &hints, &found) == 0 ? 0 : EIO;
}

static int load_library(void) {
        return dlopen("libresolv.so.2", RTLD_NOW | RTLD_LOCAL) ? 0 : EIO;
}

static int child_process(void) {
        pid_t pid = fork();
        if (pid == 0)
                _exit(0);
        return pid < 0 ? errno : FAILED(waitpid(pid, NULL, 0));
}

static void *thread_run(void *argument) {
        return argument;
}

static int thread(void) {
        pthread_t id;
        return pthread_create(&id, NULL, thread_run, NULL);
}

static int namespace(void) {
        return FAILED(unshare(CLONE_NEWUSER));
}

static int execute(void) {
        char *argv[] = { (char *) "true", NULL };
        return FAILED(execve("/bin/true", argv, NULL));
}

static int execute_at(void) {
        char *argv[] = { (char *) "true", NULL };
        return FAILED(syscall(SYS_execveat, AT_FDCWD, "/bin/true", argv, NULL, 0));
}

static int trace(void) {
        return FAILED(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}

static int read_parent(void) {
        char byte;
        struct iovec mine = { &byte, 1 }, theirs = { &byte, 1 };
        return FAILED(process_vm_readv(getppid(), &mine, 1, &theirs, 1, 0));
}

static int kill_parent(void) {
        return FAILED(kill(getppid(), 0));
}

static int kill_thread(void) {
        return FAILED(syscall(SYS_tgkill, getpid(), getpid(), 0));
}

static int signal_by_socket(void) {
        return FAILED(fcntl(kept, F_SETOWN, 1));
}

static int memory(size_t size, int protection) {
        void *at = mmap(NULL, size, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return at == MAP_FAILED ? errno : 0;
}

static int executable_memory(void) {
        return memory(4096, PROT_WRITE | PROT_EXEC);
}

static int make_executable(void) {
        void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return page == MAP_FAILED ? EIO : FAILED(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

static int much_memory(void) {
        return memory(512 * 1024 * 1024, PROT_WRITE);
}

static int more_memory(void) {
        return memory(1024 * 1024 * 1024, PROT_WRITE);
}

static int some_memory(void) {
        char *some = malloc(16 * 1024 * 1024);
        if (!some)
                return errno;
        memset(some, 1, 16 * 1024 * 1024);
        return 0;
}

static int raise_limit(void) {
        const struct rlimit limit = { 1000, 1000 };
        return FAILED(setrlimit(RLIMIT_NOFILE, &limit));
}

static int many_descriptors(void) {
        for (int i = 0; i < 32; i++)
                if (socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) < 0)
                        return errno;
        return 0;
}

static int longer_timer(void) {
        const struct itimerval timer = { .it_value.tv_sec = 1000 };
        return FAILED(setitimer(ITIMER_REAL, &timer, NULL));
}

static int dumpable(void) {
        return FAILED(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static int memory_file(void) {
        return FAILED(memfd_create("x", MFD_CLOEXEC));
}

static int secret_memory(void) {
        int fd = (int) syscall(SYS_memfd_secret, O_CLOEXEC);
        if (fd < 0)
                return errno == ENOSYS ? 0 : errno;
        return FAILED(ftruncate(fd, 4096));
}

static int uring(void) {
        return FAILED(syscall(SYS_io_uring_setup, 1, NULL));
}

static int bpf(void) {
        return FAILED(syscall(SYS_bpf, 0, NULL, 0));
}

static int keys(void) {
        return FAILED(syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0));
}

static int mounting(void) {
        return FAILED(mount("none", "/mnt", "tmpfs", 0, NULL));
}

static int module(void) {
        return FAILED(syscall(SYS_init_module, NULL, 0, ""));
}

static int terminal(void) {
        return FAILED(ioctl(kept, TIOCSTI, "x"));
}

/* ---- stages ---- */

typedef int (*Attempt)(void);

/* The way to each: which worker, whether it is a probe, and the profile of its dialogue. */
static const struct {
        bool discovery, probe;
        MdProfile profile;              /* 0: none yet */
        unsigned filters;
} ways[_FILTER_STAGE_MAX] = {
        [FILTER_WORKER] = { .filters = 1 },
        [FILTER_RESOLVE] = { .probe = true, .filters = 2 },
        [FILTER_DIALOGUE] = { .probe = true, .profile = MD_PROFILE_ENDPOINT, .filters = 3 },
        [FILTER_TABLE] = { .probe = true, .profile = MD_PROFILE_TABLE, .filters = 3 },
        [FILTER_FINDER] = { .discovery = true, .filters = 1 },
        [FILTER_DNS] = { .discovery = true, .probe = true, .profile = MD_PROFILE_DNS, .filters = 2 },
        [FILTER_WEB] = { .discovery = true, .probe = true, .profile = MD_PROFILE_WEB, .filters = 2 },
};

static int enter(FilterStage stage) {
        Sandbox *sandbox;
        pid_t parent = getppid();
        const SandboxScope scope = { port, "/usr/share" };

        int r = sandbox_new(ways[stage].discovery, &sandbox);
        if (r == 0)
                r = sandbox_enter_worker(sandbox);
        if (r == 0 && ways[stage].probe)
                r = sandbox_enter_probe(sandbox, parent, &kept, 1);
        if (r == 0 && ways[stage].profile)
                r = sandbox_enter_dialogue(sandbox, ways[stage].profile, &scope);
        return r;
}

/* The errno of the attempt, or BY_SIGNAL(). */
static int outcome(FilterStage stage, Attempt attempt) {
        int status;
        pid_t pid = fork();
        if (pid == 0) {
                int r = enter(stage);
                _exit(r < 0 ? TROUBLE : attempt());
        }
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
        return WIFSIGNALED(status) ? BY_SIGNAL(WTERMSIG(status)) : WEXITSTATUS(status);
}

static const struct {
        const char *name;
        Attempt attempt;
        int wanted[_FILTER_STAGE_MAX];  /* errno; or BY_SIGNAL() */
        int landlock;                   /* the ABI that this takes; below it, it works */
        bool uninstrumented;            /* refused only in a build without AddressSanitizer */
} attempts[] = {
#define TRY(attempt, worker, resolve, dialogue, table, finder, dns, web, ...) \
        { #attempt, attempt, { worker, resolve, dialogue, table, finder, dns, web }, __VA_ARGS__ }
#define NEVER(attempt, error) TRY(attempt, error, error, error, error, error, error, error)
        /*                     worker, resolve, dialogue, table, finder, dns, web */
        TRY(open_to_read, 0, 0, EPERM, EACCES, 0, EACCES, EACCES, .landlock = 1, .uninstrumented = true),
        TRY(open_again, 0, 0, EPERM, EACCES, 0, EACCES, EACCES, .landlock = 1, .uninstrumented = true),
        TRY(open_data, 0, 0, EPERM, 0, 0, EACCES, EACCES, .landlock = 1, .uninstrumented = true),
        TRY(open_resolver, 0, 0, EPERM, EACCES, 0, 0, 0, .landlock = 1, .uninstrumented = true),
        NEVER(open_to_write, EPERM),
        NEVER(open_to_create, EPERM),
        TRY(write_to_file, 0, 0, BY_SIGNAL(SIGXFSZ), BY_SIGNAL(SIGXFSZ), 0, BY_SIGNAL(SIGXFSZ), BY_SIGNAL(SIGXFSZ)),
        TRY(connect_port, 0, 0, 0, EPERM, 0, EACCES, 0, .landlock = 4),
        TRY(connect_other_port, 0, 0, EACCES, EPERM, 0, EACCES, EACCES, .landlock = 4),
        NEVER(connect_multipath, EPERM),
        TRY(connect_dns, ECONNREFUSED, ECONNREFUSED, EACCES, EPERM, ECONNREFUSED, ECONNREFUSED, ECONNREFUSED, .landlock = 4),
        TRY(connect_web, ECONNREFUSED, ECONNREFUSED, EACCES, EPERM, ECONNREFUSED, EACCES, ECONNREFUSED, .landlock = 4),
        TRY(fast_open_sendto, EOPNOTSUPP, EOPNOTSUPP, EOPNOTSUPP, EPERM, EOPNOTSUPP, EOPNOTSUPP, EOPNOTSUPP),
        TRY(fast_open_sendmsg, EOPNOTSUPP, EOPNOTSUPP, EOPNOTSUPP, EPERM, EOPNOTSUPP, EOPNOTSUPP, EOPNOTSUPP),
        TRY(bind_port, EPERM, EPERM, EPERM, EPERM, EACCES, EACCES, EACCES, .landlock = 4),
        TRY(bind_udp, EPERM, EPERM, EPERM, EPERM, 0, 0, 0),
        NEVER(listen_port, EPERM),
        TRY(socket_udp, 0, 0, EPERM, EPERM, 0, 0, 0),
        NEVER(socket_raw, EPERM),
        TRY(socket_unix, 0, 0, EPERM, EPERM, 0, EPERM, 0),
        NEVER(socket_netlink, EPERM),
        NEVER(socket_packet, EPERM),
        TRY(resolve, 0, 0, EIO, EIO, 0, 0, 0),
        TRY(load_library, 0, 0, EIO, EIO, 0, EIO, 0),
        TRY(child_process, 0, EPERM, EPERM, EPERM, 0, EPERM, EPERM),
        TRY(thread, EPERM, EPERM, EPERM, EPERM, EPERM, EPERM, EPERM),
        NEVER(namespace, EPERM),
        NEVER(execute, BY_SIGNAL(SIGSYS)),
        NEVER(execute_at, BY_SIGNAL(SIGSYS)),
        NEVER(trace, BY_SIGNAL(SIGSYS)),
        NEVER(read_parent, BY_SIGNAL(SIGSYS)),
        TRY(kill_parent, EPERM, EPERM, EPERM, EPERM, EPERM, EPERM, EPERM, .landlock = 6),
        TRY(kill_thread, 0, EPERM, EPERM, EPERM, 0, EPERM, EPERM),
        TRY(signal_by_socket, 0, EPERM, EPERM, EPERM, 0, EPERM, EPERM),
        TRY(executable_memory, 0, 0, EPERM, EPERM, 0, EPERM, 0),
        TRY(make_executable, 0, 0, EPERM, EPERM, 0, EPERM, 0),
        TRY(much_memory, 0, ENOMEM, ENOMEM, ENOMEM, 0, 0, 0, .uninstrumented = true),
        TRY(more_memory, 0, ENOMEM, ENOMEM, ENOMEM, 0, ENOMEM, ENOMEM, .uninstrumented = true),
        NEVER(some_memory, 0),
        NEVER(raise_limit, EPERM),
        TRY(many_descriptors, 0, EMFILE, EMFILE, EPERM, 0, 0, 0),
        TRY(longer_timer, 0, EPERM, EPERM, EPERM, 0, EPERM, EPERM),
        TRY(dumpable, 0, EPERM, EPERM, EPERM, 0, EPERM, EPERM),
        NEVER(memory_file, EPERM),
        TRY(secret_memory, 0, 0, EPERM, EPERM, 0, EPERM, EPERM),
        NEVER(uring, EPERM),
        NEVER(bpf, EPERM),
        NEVER(keys, EPERM),
        NEVER(mounting, EPERM),
        NEVER(module, EPERM),
        NEVER(terminal, EPERM),
};

START_TEST(attempt) {
        const int *wanted = attempts[_i].wanted;
        Sandbox *sandbox;

        port = listen_somewhere();
        other_port = listen_somewhere();
        kept = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        ck_assert_int_ge(kept, 0);
        ck_assert_int_eq(sandbox_new(false, &sandbox), 0);
        int abi = sandbox_landlock_abi(sandbox);
        sandbox_free(sandbox);
        if ((attempts[_i].landlock > abi) || (attempts[_i].uninstrumented && INSTRUMENTED)) {
                printf("sandbox: %s skipped\n", attempts[_i].name);
                return;
        }
        for (FilterStage stage = FILTER_WORKER; stage < _FILTER_STAGE_MAX; stage++) {
                int have = outcome(stage, attempts[_i].attempt);
                ck_assert_msg(have == wanted[stage], "%s in stage %d: %d, not %d", attempts[_i].name, stage,
                              have, wanted[stage]);
        }
}
END_TEST

START_TEST(short_list) {
        ck_assert_uint_gt(filter_count(FILTER_WORKER), filter_count(FILTER_RESOLVE));
        ck_assert_uint_gt(filter_count(FILTER_RESOLVE), filter_count(FILTER_DIALOGUE));
        ck_assert_uint_le(filter_count(FILTER_DIALOGUE), INSTRUMENTED ? 55 : 45);
        ck_assert_uint_gt(filter_count(FILTER_FINDER), filter_count(FILTER_WEB));
        ck_assert_uint_ge(filter_count(FILTER_WEB), filter_count(FILTER_DNS));
}
END_TEST

/* ---- descriptors ---- */

static unsigned long open_descriptors(void) {
        unsigned long mask = 0;
        for (int fd = 0; fd < 64; fd++)
                if (fcntl(fd, F_GETFD) >= 0)
                        mask |= 1ul << fd;
        return mask;
}

static const struct {
        int keep[4];
        size_t n;
        unsigned long mask;
} keeps[] = {
        { { 0 }, 0, 0x7 },
        { { 3 }, 1, 0xf },
        { { 60 }, 1, 0x7 | 1ul << 60 },
        { { 20, 5, 11 }, 3, 0x7 | 1ul << 5 | 1ul << 11 | 1ul << 20 },
        { { 4, 3 }, 2, 0x1f },
        { { 7, 7 }, 2, 0x7 | 1ul << 7 },
        { { 1, 9 }, 2, 0x7 | 1ul << 9 },
};

START_TEST(descriptors) {
        int status;
        pid_t pid = fork();
        if (pid == 0) {
                Sandbox *sandbox;
                for (int fd = 3; fd < 64; fd++)
                        dup2(2, fd);
                bool good = sandbox_new(false, &sandbox) == 0 &&
                            sandbox_enter_probe(sandbox, -1, keeps[_i].keep, keeps[_i].n) == -ESRCH &&
                            prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                            sandbox_enter_probe(sandbox, getppid(), keeps[_i].keep, keeps[_i].n) == 0;
                _exit(good ? open_descriptors() == keeps[_i].mask ? 0 : 1 : TROUBLE);
        }
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
        ck_assert_int_eq(status, 0);
}
END_TEST

/* ---- privileges ---- */

static unsigned long long status_value(pid_t pid, const char *key) {
        char line[256];
        unsigned long long value = ULLONG_MAX;
        snprintf(line, sizeof(line), "/proc/%d/status", pid);
        FILE *file = fopen(line, "re");
        ck_assert_ptr_nonnull(file);
        while (fgets(line, sizeof(line), file))
                if (!strncmp(line, key, strlen(key)) && line[strlen(key)] == ':')
                        value = strtoull(line + strlen(key) + 1, NULL, 16);
        fclose(file);
        return value;
}

static bool has_no_core_dumps(pid_t pid) {
        char line[256];
        bool none = false;
        snprintf(line, sizeof(line), "/proc/%d/limits", pid);
        FILE *file = fopen(line, "re");
        ck_assert_ptr_nonnull(file);
        while (fgets(line, sizeof(line), file)) {
                unsigned long soft, hard;
                int n = sscanf(line, "Max core file size %lu %lu", &soft, &hard);
                none |= n == 2 && soft == 0 && hard == 0;
        }
        fclose(file);
        return none;
}

/* A process of that user that has entered the stage and then waits. */
static pid_t inmate_new(uid_t user, FilterStage stage) {
        int fds[2];
        char entered = 'n';
        ck_assert_int_eq(pipe(fds), 0);
        pid_t pid = fork();
        if (pid == 0) {
                if (user != geteuid() && (setgid(user) < 0 || setuid(user) < 0))
                        _exit(TROUBLE);
                kept = fds[1];
                entered = enter(stage) == 0 ? 'y' : 'n';
                if (write(fds[1], &entered, 1) == 1)
                        for (;;)
                                poll(NULL, 0, -1);
                _exit(TROUBLE);
        }
        close(fds[1]);
        ck_assert_int_eq(read(fds[0], &entered, 1), 1);
        close(fds[0]);
        ck_assert_int_eq(entered, 'y');
        return pid;
}

static void inmate_free(pid_t pid) {
        kill(pid, SIGKILL);
        ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
}

static void check_privileges(uid_t user) {
        for (FilterStage stage = FILTER_WORKER; stage < _FILTER_STAGE_MAX; stage++) {
                pid_t pid = inmate_new(user, stage);
                ck_assert_uint_eq(status_value(pid, "CapPrm"), 0);
                ck_assert_uint_eq(status_value(pid, "CapEff"), 0);
                ck_assert_uint_eq(status_value(pid, "CapInh"), 0);
                ck_assert_uint_eq(status_value(pid, "CapAmb"), 0);
                if (user == 0)
                        ck_assert_uint_eq(status_value(pid, "CapBnd"), 0);
                ck_assert_uint_eq(status_value(pid, "NoNewPrivs"), 1);
                ck_assert_uint_eq(status_value(pid, "Seccomp"), 2);
                ck_assert_uint_eq(status_value(pid, "Seccomp_filters"), ways[stage].filters);
                ck_assert(has_no_core_dumps(pid));
                inmate_free(pid);
        }
}

START_TEST(no_privilege) {
        check_privileges(geteuid());
}
END_TEST

/* One who has no privilege to begin with cannot empty the bounding set, and need not. */
START_TEST(no_privilege_for_a_user) {
        if (geteuid() == 0)
                check_privileges(65534);
}
END_TEST

/* What is not dumpable belongs to root as far as others are concerned: no debugger, no look at its memory. */
START_TEST(not_to_be_looked_at) {
        if (geteuid() != 0)
                return;
        for (FilterStage stage = FILTER_WORKER; stage < _FILTER_STAGE_MAX; stage++) {
                pid_t pid = inmate_new(65534, stage);
                char path[64];
                snprintf(path, sizeof(path), "/proc/%d/mem", pid);
                ck_assert_int_eq(seteuid(65534), 0);
                ck_assert(open(path, O_RDONLY | O_CLOEXEC) < 0 && errno == EACCES);
                ck_assert(ptrace(PTRACE_SEIZE, pid, NULL, NULL) < 0 && errno == EPERM);
                ck_assert_int_eq(seteuid(0), 0);
                inmate_free(pid);
        }
}
END_TEST

int main(void) {
        Suite *suite = suite_create("sandbox");
        TCase *tcase = tcase_create("sandbox");
        tcase_set_timeout(tcase, 60);
        tcase_add_loop_test(tcase, attempt, 0, sizeof(attempts) / sizeof(attempts[0]));
        tcase_add_test(tcase, short_list);
        tcase_add_loop_test(tcase, descriptors, 0, sizeof(keeps) / sizeof(keeps[0]));
        tcase_add_test(tcase, no_privilege);
        tcase_add_test(tcase, no_privilege_for_a_user);
        tcase_add_test(tcase, not_to_be_looked_at);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
