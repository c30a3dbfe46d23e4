/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A plugin that does what no plugin may.  The user name of a target says what to try; the fact "result" says
 * how it went: "done", or the name of the errno.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include <maildiag/conn.h>

typedef int (*Deed)(MdProbe *probe);

#define TRY(call) return (call) < 0 ? -errno : 0

static int nothing(MdProbe *probe) {
        return 0;
}

/* ---- files, sockets, processes ---- */

static int open_file(MdProbe *probe) {
        TRY(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

static int write_file(MdProbe *probe) {
        TRY(open("/tmp/maildiag-evil", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static int unlink_file(MdProbe *probe) {
        TRY(unlink("/etc/passwd"));
}

static int connect_with(MdProbe *probe, int protocol, int flags) {
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                       .sin_port = htons((uint16_t) atoi(md_probe_address(probe))) };
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, protocol);
        if (fd < 0)
                return -errno;
        if (flags)
                TRY(sendto(fd, "x", 1, flags, (struct sockaddr *) &address, sizeof(address)));
        TRY(connect(fd, (struct sockaddr *) &address, sizeof(address)));
}

static int other_port(MdProbe *probe) {
        return connect_with(probe, 0, 0);
}

static int other_port_multipath(MdProbe *probe) {
        return connect_with(probe, IPPROTO_MPTCP, 0);
}

static int other_port_fast_open(MdProbe *probe) {
        return connect_with(probe, 0, MSG_FASTOPEN);
}

static int unix_socket(MdProbe *probe) {
        TRY(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int netlink_socket(MdProbe *probe) {
        TRY(socket(AF_NETLINK, SOCK_RAW, 0));
}

static int udp_socket(MdProbe *probe) {
        TRY(socket(AF_INET, SOCK_DGRAM, 0));
}

static int listening_socket(MdProbe *probe) {
        TRY(listen(socket(AF_INET, SOCK_STREAM, 0), 1));
}

static int bound_socket(MdProbe *probe) {
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        TRY(bind(socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *) &address, sizeof(address)));
}

static int fork_child(MdProbe *probe) {
        TRY(fork());
}

static void *thread_run(void *argument) {
        return argument;
}

static int start_thread(MdProbe *probe) {
        pthread_t thread;
        return -pthread_create(&thread, NULL, thread_run, NULL);
}

static int execute(MdProbe *probe) {
        char *argv[] = { (char *) "true", NULL };
        TRY(execve("/bin/true", argv, NULL));
}

static int trace_parent(MdProbe *probe) {
        TRY(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}

static int read_parent(MdProbe *probe) {
        char byte;
        struct iovec mine = { &byte, 1 }, theirs = { &byte, 1 };
        TRY(process_vm_readv(getppid(), &mine, 1, &theirs, 1, 0));
}

/* The worker is the one that does not have to be asked for: -1 is everybody. */
static int kill_all(MdProbe *probe) {
        TRY(kill(-1, SIGKILL));
}

/* ---- memory and time ---- */

static int executable_memory(MdProbe *probe) {
        void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                            -1, 0);
        return memory == MAP_FAILED ? -errno : 0;
}

static int make_executable(MdProbe *probe) {
        void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        TRY(mprotect(memory, 4096, PROT_READ | PROT_EXEC));
}

static int much_memory(MdProbe *probe) {
        return malloc(512 * 1024 * 1024) ? 0 : -errno;
}

/* A flood: piece after piece, each touched, until there is no more. */
static int all_memory(MdProbe *probe) {
        for (unsigned i = 0; i < 1024; i++) {
                char *piece = malloc(1024 * 1024);
                if (!piece)
                        return -errno;
                memset(piece, 1, 1024 * 1024);
        }
        return 0;
}

static int crash(MdProbe *probe) {
        volatile int *volatile wild = (volatile int *) 16;
        *wild = 1;
        return 0;
}

static int overflow(int depth) {
        volatile char page[4096];
        page[0] = (char) depth;
        return depth < 1000000 ? overflow(depth + 1) + page[0] : 0;
}

static int overflow_stack(MdProbe *probe) {
        return overflow(0);
}

static int loop_busily(MdProbe *probe) {
        for (;;)
                ;
        return 0;
}

static int loop_asleep(MdProbe *probe) {
        for (;;)
                poll(NULL, 0, -1);
        return 0;
}

/* Takes the process's own alarm away, so that only the worker is left. */
static int loop_deaf(MdProbe *probe) {
        sigset_t all;
        sigfillset(&all);
        sigprocmask(SIG_BLOCK, &all, NULL);
        signal(SIGALRM, SIG_IGN);
        return loop_asleep(probe);
}

static int longer_timer(MdProbe *probe) {
        const struct itimerval timer = { .it_value.tv_sec = 1000 };
        TRY(setitimer(ITIMER_REAL, &timer, NULL));
}

/* ---- words to the daemon and the worker ---- */

static int records_fd(void) {
        for (int fd = 3; fd < 1024; fd++) {
                int type;
                socklen_t size = sizeof(type);
                if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET)
                        return fd;
        }
        return -1;
}

static int close_records(MdProbe *probe) {
        TRY(close(records_fd()));
}

static int rubbish(MdProbe *probe) {
        static char bytes[32 * 1024];
        for (size_t i = 0; i < sizeof(bytes); i++)
                bytes[i] = (char) (i * 7919 >> 3);
        for (size_t size = 1; size <= sizeof(bytes); size *= 2)
                if (send(records_fd(), bytes, size, MSG_NOSIGNAL) < 0)
                        return -errno;
        return 0;
}

static int flood(MdProbe *probe) {
        for (unsigned i = 0; i < 20000; i++)
                md_fact_number(probe, "flood", i);
        return 0;
}

static int leave_early(MdProbe *probe) {
        exit(0);
}

static int speak(MdProbe *probe) {
        static const char text[] = "\n<0>evil words\n";
        if (write(1, text, strlen(text)) < 0 || write(2, text, strlen(text)) < 0)
                return -errno;
        return 0;
}

/* ---- what is seen from inside ---- */

/* What was told before the deed began is heard meanwhile. */
static int tell_pid(MdProbe *probe) {
        return loop_asleep(probe);
}

static int tell_descriptors(MdProbe *probe) {
        char text[256] = "";
        size_t used = 0;
        for (int fd = 0; fd < 1024; fd++)
                if (fcntl(fd, F_GETFD) >= 0)
                        used += (size_t) snprintf(text + used, sizeof(text) - used, " %d", fd);
        md_fact(probe, "descriptors", text);
        return 0;
}

static int tell_environment(MdProbe *probe) {
        for (char **entry = environ; entry && *entry; entry++)
                md_fact(probe, "variable", *entry);
        return 0;
}

static int tell_secret(MdProbe *probe) {
        md_fact_truth(probe, "has-secret", md_probe_has_secret(probe));
        return 0;
}

static const struct {
        const char *name;
        Deed deed;
} deeds[] = {
#define DEED(name) { #name, name }
        DEED(nothing), DEED(open_file), DEED(write_file), DEED(unlink_file), DEED(other_port),
        DEED(other_port_multipath), DEED(other_port_fast_open), DEED(unix_socket), DEED(netlink_socket),
        DEED(udp_socket), DEED(listening_socket), DEED(bound_socket), DEED(fork_child), DEED(start_thread),
        DEED(execute), DEED(trace_parent), DEED(read_parent), DEED(kill_all), DEED(executable_memory),
        DEED(make_executable), DEED(much_memory), DEED(all_memory), DEED(crash), DEED(overflow_stack),
        DEED(loop_busily), DEED(loop_asleep), DEED(loop_deaf), DEED(longer_timer), DEED(close_records),
        DEED(rubbish), DEED(flood), DEED(leave_early), DEED(speak), DEED(tell_pid), DEED(tell_descriptors),
        DEED(tell_environment), DEED(tell_secret),
};

static int step_introduction(MdProbe *probe, void *state) {
        md_fact_number(probe, "pid", (uint64_t) getpid());
        return MD_NEXT;
}

static int step_deed(MdProbe *probe, void *state) {
        for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++)
                if (!strcmp(deeds[i].name, md_probe_username(probe))) {
                        int r = deeds[i].deed(probe);
                        md_fact(probe, "result", r < 0 ? strerrorname_np(-r) : "done");
                        return MD_DONE;
                }
        md_fact(probe, "result", "no such deed");
        return MD_DONE;
}

static const MdStep steps[] = {
        { "connect", MD_STAGE_TCP, MD_DEPTH_CONNECT, 0, md_step_connect },
        { "introduction", MD_STAGE_GREETING, MD_DEPTH_CONNECT, 0, step_introduction },
        { "deed", MD_STAGE_GREETING, MD_DEPTH_CONNECT, 0, step_deed },
};

static const MdEndpoint endpoints[] = {
        { 666, MD_SECURITY_NONE, "doom" },
};

static const MdFindingInfo findings[] = {
        {
                .id = "evil.deed", .severity = MD_SEVERITY_INFO, .actor = MD_ACTOR_USER,
                .stage = MD_STAGE_GREETING, .title = "{host} is evil", .meaning = "It was tried.",
                .remedy = "Leave.", .since = "0.1",
        },
};

MD_PLUGIN_EXPORT("evil") = {
        .size = sizeof(MdPlugin),
        .kind = MD_KIND_PROTOCOL,
        .name = "evil",
        .version = "6.6.6",
        .summary = "What no plugin may do",
        .purpose = MD_PURPOSE_OTHER,
        .profile = MD_PROFILE_ENDPOINT,
        .endpoints = endpoints,
        .n_endpoints = sizeof(endpoints) / sizeof(endpoints[0]),
        .steps = steps,
        .n_steps = sizeof(steps) / sizeof(steps[0]),
        .findings = findings,
        .n_findings = sizeof(findings) / sizeof(findings[0]),
};
