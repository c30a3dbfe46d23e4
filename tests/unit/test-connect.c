/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The race between addresses: loopback has as many as one likes, and each can be alive, closed or deaf. */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>

#include "connect.h"
#include "harness.h"
#include "rig.h"

#define LISTENERS_MAX 8

typedef struct Net {
        int listeners[LISTENERS_MAX];
        size_t n_listeners;
        int fillers[LISTENERS_MAX];
        size_t n_fillers;
        uint16_t port;
        MdAddresses addresses;
} Net;

static Net net;

static MdAddress address_of(const char *text, uint16_t port) {
        MdAddress address = { 0 };
        struct sockaddr_in *four = (struct sockaddr_in *) &address.bytes;
        struct sockaddr_in6 *six = (struct sockaddr_in6 *) &address.bytes;

        if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
                four->sin_family = AF_INET;
                four->sin_port = htons(port);
                address.length = sizeof(*four);
        } else {
                ck_assert_int_eq(inet_pton(AF_INET6, text, &six->sin6_addr), 1);
                six->sin6_family = AF_INET6;
                six->sin6_port = htons(port);
                address.length = sizeof(*six);
        }
        return address;
}

static void add_address(const char *text) {
        net.addresses.list[net.addresses.n++] = address_of(text, net.port);
        net.addresses.n_found++;
}

static int listen_on(const char *text, int backlog) {
        MdAddress address = address_of(text, net.port);
        int fd = socket(address.bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0 || bind(fd, (struct sockaddr *) &address.bytes, address.length) < 0) {
                if (fd >= 0)
                        close(fd);
                return -1;
        }
        ck_assert_int_eq(listen(fd, backlog), 0);
        if (net.port == 0) {
                ck_assert_int_eq(getsockname(fd, (struct sockaddr *) &address.bytes, &address.length), 0);
                net.port = ntohs(((struct sockaddr_in *) &address.bytes)->sin_port);
        }
        net.listeners[net.n_listeners++] = fd;
        return fd;
}

static void alive(const char *text) {
        ck_assert_int_ge(listen_on(text, 16), 0);
        add_address(text);
}

/* Nothing listens there. */
static void closed(const char *text) {
        add_address(text);
}

/* The queue of the listener is full, so that the kernel drops further requests, as a firewall does. */
static void deaf(const char *text) {
        ck_assert_int_ge(listen_on(text, 0), 0);
        for (unsigned i = 0; i < 3; i++) {
                MdAddress address = address_of(text, net.port);
                int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
                int r = connect(fd, (struct sockaddr *) &address.bytes, address.length);
                ck_assert(r == 0 || errno == EINPROGRESS);
                net.fillers[net.n_fillers++] = fd;
        }
        add_address(text);
}

static void net_done(void) {
        for (size_t i = 0; i < net.n_listeners; i++)
                close(net.listeners[i]);
        for (size_t i = 0; i < net.n_fillers; i++)
                close(net.fillers[i]);
        net = (Net) { 0 };
}

static Rig *connecting_rig(void) {
        Rig *rig = rig_new(NULL);
        md_conn_close(&rig->probe);
        rig->target.port = net.port;
        rig->probe.addresses = net.addresses;
        rig->probe.step_deadline = md_now() + MD_SEC / 2;
        return rig;
}

static void expect_attempt(Rig *rig, const char *address, const char *outcome, bool used) {
        const MdRecord *attempt = sink_find(&rig->sink, "attempt", "address", address);
        ck_assert_msg(attempt, "no attempt at %s", address);
        ck_assert_str_eq(md_record_text(attempt, "outcome"), outcome);
        ck_assert_int_eq(md_record_truth(attempt, "used"), used);
        ck_assert_uint_eq(md_record_number(attempt, "port", 0), net.port);
        ck_assert_str_eq(md_record_text(attempt, "family"), strchr(address, ':') ? "ipv6" : "ipv4");
}

static int connect_and_collect(Rig *rig) {
        int r = md_step_connect(&rig->probe, NULL);
        md_connect_collect(&rig->probe);
        ck_assert_uint_eq(sink_count(&rig->sink, "attempt"), net.addresses.n);
        return r;
}

START_TEST(one_address) {
        alive("127.0.0.1");
        Rig *rig = connecting_rig();
        ck_assert_int_eq(connect_and_collect(rig), MD_NEXT);
        expect_attempt(rig, "127.0.0.1", "ok", true);
        ck_assert_str_eq(md_probe_client_name(&rig->probe), "[127.0.0.1]");
        ck_assert_uint_eq(sink_count(&rig->sink, "finding"), 1);
        ck_assert_ptr_nonnull(sink_finding(&rig->sink, "security.cleartext"));
        rig_free(rig);
        net_done();
}
END_TEST

START_TEST(no_warning_where_tls_is_wanted) {
        alive("127.0.0.1");
        Rig *rig = connecting_rig();
        rig->target.security = MD_SECURITY_STARTTLS;
        ck_assert_int_eq(connect_and_collect(rig), MD_NEXT);
        ck_assert_uint_eq(sink_count(&rig->sink, "finding"), 0);
        rig_free(rig);
        net_done();
}
END_TEST

START_TEST(refused) {
        close(peer_listen(&net.port));
        closed("127.0.0.1");
        closed("127.0.0.2");
        Rig *rig = connecting_rig();
        ck_assert_int_eq(connect_and_collect(rig), -EPROTO);
        expect_attempt(rig, "127.0.0.1", "refused", false);
        expect_attempt(rig, "127.0.0.2", "refused", false);
        const MdRecord *finding = sink_finding(&rig->sink, "tcp.refused");
        ck_assert_ptr_nonnull(strstr(md_record_text(finding, "evidence"), "ECONNREFUSED"));
        ck_assert_uint_eq(sink_count(&rig->sink, "finding"), 1);
        rig_free(rig);
        net_done();
}
END_TEST

START_TEST(timed_out) {
        deaf("127.0.0.1");
        Rig *rig = connecting_rig();
        ck_assert_int_eq(connect_and_collect(rig), -EPROTO);
        expect_attempt(rig, "127.0.0.1", "timeout", false);
        ck_assert_ptr_nonnull(sink_finding(&rig->sink, "tcp.timeout"));
        rig_free(rig);
        net_done();
}
END_TEST

/* The most telling outcome names the failure, in whatever order. */
START_TEST(refused_and_timed_out) {
        deaf("127.0.0.1");
        closed("127.0.0.2");
        Rig *rig = connecting_rig();
        ck_assert_int_eq(connect_and_collect(rig), -EPROTO);
        ck_assert_ptr_nonnull(sink_finding(&rig->sink, "tcp.refused"));
        expect_attempt(rig, "127.0.0.1", "timeout", false);
        rig_free(rig);
        net_done();
}
END_TEST

START_TEST(the_next_address_wins) {
        deaf("127.0.0.1");
        closed("127.0.0.2");
        alive("127.0.0.3");
        alive("127.0.0.4");
        Rig *rig = connecting_rig();
        ck_assert_int_eq(connect_and_collect(rig), MD_NEXT);
        expect_attempt(rig, "127.0.0.1", "timeout", false);
        expect_attempt(rig, "127.0.0.2", "refused", false);
        expect_attempt(rig, "127.0.0.3", "ok", true);
        expect_attempt(rig, "127.0.0.4", "ok", false);
        const MdRecord *finding = sink_finding(&rig->sink, "net.some-addresses-dead");
        ck_assert_uint_eq(md_record_number(finding, "dead", 0), 2);
        ck_assert_uint_eq(md_record_number(finding, "total", 0), 4);
        ck_assert_str_eq(md_record_text(finding, "evidence"), "127.0.0.1: timeout, 127.0.0.2: refused");
        ck_assert_ptr_null(sink_finding(&rig->sink, "net.ipv6-broken"));
        rig_free(rig);
        net_done();
}
END_TEST

/* A slow loser decides itself while the dialogue waits for something else. */
START_TEST(losers_are_served_beside_the_dialogue) {
        const char *line;
        alive("127.0.0.1");
        closed("127.0.0.2");
        Rig *rig = connecting_rig();
        ck_assert_int_eq(md_step_connect(&rig->probe, NULL), MD_NEXT);
        ck_assert_int_eq(md_read_line(&rig->probe, &line, NULL), -ETIMEDOUT);
        ck_assert_uint_eq(sink_count(&rig->sink, "attempt"), 2);
        ck_assert(!md_attempts_pending(&rig->probe.attempts));
        rig_free(rig);
        net_done();
}
END_TEST

START_TEST(broken_ipv6) {
        alive("127.0.0.1");
        if (listen_on("::1", 1) < 0)
                return net_done();
        close(net.listeners[--net.n_listeners]);
        net.addresses.n = net.addresses.n_found = 0;
        closed("::1");
        add_address("127.0.0.1");
        Rig *rig = connecting_rig();
        ck_assert_int_eq(connect_and_collect(rig), MD_NEXT);
        expect_attempt(rig, "::1", "refused", false);
        expect_attempt(rig, "127.0.0.1", "ok", true);
        const MdRecord *finding = sink_finding(&rig->sink, "net.ipv6-broken");
        ck_assert_str_eq(md_record_text(finding, "evidence"), "::1: refused");
        ck_assert_ptr_null(sink_finding(&rig->sink, "net.some-addresses-dead"));
        rig_free(rig);
        net_done();
}
END_TEST

START_TEST(broken_ipv4) {
        if (listen_on("::1", 4) < 0)
                return net_done();
        add_address("::1");
        closed("127.0.0.2");
        Rig *rig = connecting_rig();
        ck_assert_int_eq(connect_and_collect(rig), MD_NEXT);
        expect_attempt(rig, "127.0.0.2", "refused", false);
        expect_attempt(rig, "::1", "ok", true);
        const MdRecord *finding = sink_finding(&rig->sink, "net.ipv4-broken");
        ck_assert_str_eq(md_record_text(finding, "evidence"), "127.0.0.2: refused");
        ck_assert_ptr_null(sink_finding(&rig->sink, "net.some-addresses-dead"));
        ck_assert_ptr_null(sink_finding(&rig->sink, "net.ipv6-broken"));
        rig_free(rig);
        net_done();
}
END_TEST

START_TEST(client_name_of_ipv6) {
        if (listen_on("::1", 4) < 0)
                return net_done();
        add_address("::1");
        Rig *rig = connecting_rig();
        ck_assert_int_eq(connect_and_collect(rig), MD_NEXT);
        ck_assert_str_eq(md_probe_client_name(&rig->probe), "[IPv6:::1]");
        rig_free(rig);
        net_done();
}
END_TEST

/* 255.255.255.255 and its like fail at once, on this computer. */
START_TEST(no_route) {
        net.port = 25;
        add_address("255.255.255.255");
        Rig *rig = connecting_rig();
        ck_assert_int_eq(connect_and_collect(rig), -EPROTO);
        expect_attempt(rig, "255.255.255.255", "no-route", false);
        ck_assert_ptr_nonnull(sink_finding(&rig->sink, "net.no-route"));
        rig_free(rig);
        net_done();
}
END_TEST

/* An app notices a missing route at once, so it is no fault where another address works. */
START_TEST(no_route_is_no_dead_address) {
        net.port = 0;
        alive("127.0.0.1");
        net.addresses.n = net.addresses.n_found = 0;
        add_address("255.255.255.255");
        add_address("127.0.0.1");
        Rig *rig = connecting_rig();
        ck_assert_int_eq(connect_and_collect(rig), MD_NEXT);
        expect_attempt(rig, "255.255.255.255", "no-route", false);
        ck_assert_ptr_null(sink_finding(&rig->sink, "net.some-addresses-dead"));
        rig_free(rig);
        net_done();
}
END_TEST

/* ---- where this computer or its network says no ---- */

static bool write_file(const char *path, const char *text) {
        int fd = open(path, O_WRONLY | O_CLOEXEC);
        bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t) strlen(text);
        if (fd >= 0)
                close(fd);
        return done;
}

/* A network of its own for this process, as whoever it is: routes of every kind that leads nowhere, and a
 * link on which nobody answers. */
static bool enter_network(void) {
        char map[64];
        snprintf(map, sizeof(map), "0 %u 1", geteuid());
        if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0 || !write_file("/proc/self/uid_map", map))
                return false;
        return system("exec 2>/dev/null; PATH=$PATH:/usr/sbin:/sbin; ip link set lo up && "
                      "ip link add v0 type veth peer name v1 && ip addr add 10.9.0.1/24 dev v0 && "
                      "ip link set v0 up && ip link set v1 up && "
                      "echo 20 > /proc/sys/net/ipv4/neigh/v0/retrans_time_ms && "
                      "ip route add unreachable 192.0.2.1 && ip route add prohibit 192.0.2.2 && "
                      "ip route add blackhole 192.0.2.3") == 0;
}

static const struct {
        const char *address, *outcome, *code, *error;
} dead_ends[] = {
        { "192.0.2.1", "no-route", "net.no-route", "EHOSTUNREACH" },
        { "192.0.2.2", "no-route", "net.no-route", "EACCES" },
        { "192.0.2.3", "no-route", "net.no-route", "EINVAL" },
        { "198.51.100.1", "no-route", "net.no-route", "ENETUNREACH" },
        { "10.9.0.2", "unreachable", "tcp.rejected-by-firewall", "EHOSTUNREACH" },
};

static void expect_dead_end(const char *address, const char *outcome, const char *code, const char *error) {
        net.port = 25;
        add_address(address);
        Rig *rig = connecting_rig();
        rig->probe.step_deadline = md_now() + 10 * MD_SEC;
        ck_assert_int_eq(connect_and_collect(rig), -EPROTO);
        expect_attempt(rig, address, outcome, false);
        const MdRecord *finding = sink_finding(&rig->sink, code);
        ck_assert_msg(finding, "no %s", code);
        ck_assert_ptr_nonnull(strstr(md_record_text(finding, "evidence"), error));
        rig_free(rig);
        net_done();
}

START_TEST(dead_end) {
        if (!enter_network())
                return;
        expect_dead_end(dead_ends[_i].address, dead_ends[_i].outcome, dead_ends[_i].code,
                        dead_ends[_i].error);
}
END_TEST

/* As a packet filter in the kernel does. */
START_TEST(filtered_here) {
        scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
        ck_assert_int_eq(seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(connect), 0), 0);
        ck_assert_int_eq(seccomp_load(filter), 0);
        seccomp_release(filter);
        expect_dead_end("127.0.0.1", "prohibited", "tcp.rejected-by-firewall", "EPERM");
}
END_TEST

static const struct {
        int error;
        bool at_once;
        const char *word;
} errors[] = {
        { 0, true, "ok" },
        { ECONNREFUSED, false, "refused" },
        { ETIMEDOUT, false, "timeout" },
        { ECONNRESET, false, "reset" },
        { EHOSTUNREACH, true, "no-route" },
        { EHOSTUNREACH, false, "unreachable" },
        { ENETUNREACH, true, "no-route" },
        { ENETUNREACH, false, "unreachable" },
        { EACCES, true, "no-route" },
        { EACCES, false, "prohibited" },
        { EINVAL, true, "no-route" },
        { EPERM, true, "prohibited" },
        { EAFNOSUPPORT, true, "no-route" },
        { EMFILE, true, "failed" },
};

START_TEST(outcomes) {
        MdAttemptOutcome outcome = md_attempt_outcome(errors[_i].error, errors[_i].at_once);
        ck_assert_str_eq(md_attempt_word(outcome), errors[_i].word);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("connect");
        TCase *tcase = tcase_create("connect");
        tcase_set_timeout(tcase, 30);
        tcase_add_test(tcase, one_address);
        tcase_add_test(tcase, no_warning_where_tls_is_wanted);
        tcase_add_test(tcase, refused);
        tcase_add_test(tcase, timed_out);
        tcase_add_test(tcase, refused_and_timed_out);
        tcase_add_test(tcase, the_next_address_wins);
        tcase_add_test(tcase, losers_are_served_beside_the_dialogue);
        tcase_add_test(tcase, broken_ipv6);
        tcase_add_test(tcase, broken_ipv4);
        tcase_add_test(tcase, client_name_of_ipv6);
        tcase_add_test(tcase, no_route);
        tcase_add_test(tcase, no_route_is_no_dead_address);
        tcase_add_loop_test(tcase, dead_end, 0, sizeof(dead_ends) / sizeof(dead_ends[0]));
        tcase_add_test(tcase, filtered_here);
        tcase_add_loop_test(tcase, outcomes, 0, sizeof(errors) / sizeof(errors[0]));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
