/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Names to addresses, with a name server on loopback that answers as the name asks it to. */

#include <arpa/nameser.h>
#include <netdb.h>
#include <nss.h>
#include <resolv.h>
#include <stdio.h>

#include "harness.h"
#include "peer.h"
#include "produced.h"
#include "resolve.h"
#include "run.h"
#include "sink.h"
#include "wait.h"

/* ---- a name server ---- */

enum {
        QUERY_HEADER = 12,
        ANSWER_MAX = 1100,      /* what the stub resolver of glibc takes by UDP */
};

static size_t put_answer(uint8_t *at, unsigned type, const uint8_t *data, size_t size) {
        const uint8_t head[] = { 0xc0, QUERY_HEADER, 0, type, 0, 1, 0, 0, 0, 60, 0, size };
        memcpy(at, head, sizeof(head));
        memcpy(at + sizeof(head), data, size);
        return sizeof(head) + size;
}

/* An ad blocker, or a mistake. */
static size_t put_loopback(uint8_t *reply, size_t end, unsigned type) {
        static const uint8_t loopback[4] = { 127, 0, 0, 1 };
        if (type != ns_t_a)
                return end;
        reply[7] = 1;
        return end + put_answer(reply + end, ns_t_a, loopback, sizeof(loopback));
}

/* Answers of one type for the first label of the name: "a3-aaaa2" has three A and two AAAA records, and
 * numbers make them different. */
static size_t put_answers(uint8_t *reply, size_t end, const char *label, unsigned type) {
        static const uint8_t six[16] = { 0x20, 0x01, 0x0d, 0xb8 };
        static const uint8_t four[4] = { 192, 0, 2, 0 };
        unsigned n_a = 0, n_aaaa = 0, n = 0;

        sscanf(label, "a%u-aaaa%u", &n_a, &n_aaaa);
        if (type == ns_t_a)
                n = n_a;
        else if (type == ns_t_aaaa)
                n = n_aaaa;
        for (unsigned i = 0; i < n; i++) {
                uint8_t data[16];
                size_t size = type == ns_t_a ? sizeof(four) : sizeof(six);
                memcpy(data, type == ns_t_a ? four : six, size);
                data[size - 1] = i + 1;
                end += put_answer(reply + end, type, data, size);
        }
        reply[7] = n;
        return end;
}

static void serve_one(int fd) {
        uint8_t reply[4096];
        struct sockaddr_in from;
        socklen_t length = sizeof(from);
        char label[64] = "";

        ssize_t n = recvfrom(fd, reply, 512, 0, (struct sockaddr *) &from, &length);
        if (n < QUERY_HEADER + 5)
                return;
        memcpy(label, reply + QUERY_HEADER + 1, reply[QUERY_HEADER] & 63);
        size_t end = QUERY_HEADER + strlen((char *) reply + QUERY_HEADER) + 1;
        unsigned type = reply[end + 1];
        end += 4;

        reply[2] |= 0x80;
        reply[3] = 0x80;
        memset(reply + 6, 0, 6);
        if (!strcmp(label, "silent"))
                return;
        if (!strcmp(label, "missing"))
                reply[3] |= ns_r_nxdomain;
        else if (!strcmp(label, "failing"))
                reply[3] |= ns_r_servfail;
        else if (!strcmp(label, "refusing"))
                reply[3] |= ns_r_refused;
        else if (!strcmp(label, "loopback"))
                end = put_loopback(reply, end, type);
        else
                end = put_answers(reply, end, label, type);
        ck_assert_uint_lt(end, ANSWER_MAX);
        sendto(fd, reply, end, 0, (struct sockaddr *) &from, length);
}

static pid_t server;

static void start_server(void) {
        struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
        socklen_t length = sizeof(address);
        int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

        ck_assert_int_eq(bind(fd, (struct sockaddr *) &address, length), 0);
        ck_assert_int_eq(getsockname(fd, (struct sockaddr *) &address, &length), 0);
        server = fork();
        if (server == 0) {
                alarm(120);
                for (;;)
                        serve_one(fd);
        }
        close(fd);

        /* This process asks that server, and nothing else. */
        ck_assert_int_eq(__nss_configure_lookup("hosts", "files dns"), 0);
        ck_assert_int_eq(res_init(), 0);
        _res.nscount = 1;
        _res.nsaddr_list[0] = address;
}

static void stop_server(void) {
        kill(server, SIGKILL);
        waitpid(server, NULL, 0);
}

/* ---- tests ---- */

#define LIST_MAX 9

static const struct {
        const char *name;
        MdResolution resolution;
        const char *addresses[LIST_MAX];
        size_t n_found;
} names[] = {
        { "192.0.2.7", MD_RESOLVED, { "192.0.2.7" }, 1 },
        { "2001:db8::7", MD_RESOLVED, { "2001:db8::7" }, 1 },
        { "a1-aaaa0.example.org", MD_RESOLVED, { "192.0.2.1" }, 1 },
        { "a0-aaaa1.example.org", MD_RESOLVED, { "2001:db8::1" }, 1 },
        { "a0-aaaa0.example.org", MD_RESOLVE_NO_ADDRESS, { NULL }, 0 },
        { "missing.example.org", MD_RESOLVE_NO_SUCH_NAME, { NULL }, 0 },
        { "failing.example.org", MD_RESOLVE_FAILURE, { NULL }, 0 },
        { "refusing.example.org", MD_RESOLVE_FAILURE, { NULL }, 0 },
        { "silent.example.org", MD_RESOLVE_TIMEOUT, { NULL }, 0 },
};

START_TEST(table) {
        MdAddresses addresses = { 0 };
        char text[MD_ADDRESS_TEXT_MAX];
        ck_assert_int_eq(md_resolve(names[_i].name, 25, 2 * MD_SEC, &addresses), names[_i].resolution);
        ck_assert_uint_eq(addresses.n_found, names[_i].n_found);
        for (size_t i = 0; i < addresses.n; i++) {
                md_address_text(&addresses.list[i], text);
                ck_assert_pstr_eq(text, names[_i].addresses[i]);
        }
}
END_TEST

static unsigned count_family(const MdAddresses *addresses, const char *family) {
        unsigned n = 0;
        for (size_t i = 0; i < addresses->n; i++)
                n += !strcmp(md_address_family(&addresses->list[i]), family);
        return n;
}

START_TEST(families_in_turn) {
        MdAddresses addresses;
        ck_assert_int_eq(md_resolve("a5-aaaa2.example.org", 25, MD_SEC, &addresses), MD_RESOLVED);
        ck_assert_uint_eq(addresses.n, 7);
        for (size_t i = 1; i < 4; i++)
                ck_assert_str_ne(md_address_family(&addresses.list[i]),
                                 md_address_family(&addresses.list[i - 1]));
        ck_assert_uint_eq(count_family(&addresses, "ipv6"), 2);
}
END_TEST

START_TEST(no_more_than_eight) {
        MdAddresses addresses;
        ck_assert_int_eq(md_resolve("a40-aaaa20.example.org", 25, MD_SEC, &addresses), MD_RESOLVED);
        ck_assert_uint_eq(addresses.n, MD_ADDRESSES_MAX);
        ck_assert_uint_eq(addresses.n_found, 60);
        ck_assert_uint_eq(count_family(&addresses, "ipv6"), MD_ADDRESSES_MAX / 2);
}
END_TEST

static const struct {
        const char *literal;
        bool is_loopback;
} literals[] = {
        { "127.0.0.1", true },
        { "127.8.9.1", true },
        { "0.0.0.0", true },
        { "::1", true },
        { "::", true },
        { "::ffff:127.0.0.1", true },
        { "128.0.0.1", false },
        { "192.0.2.1", false },
        { "2001:db8::1", false },
        { "::ffff:192.0.2.1", false },
};

START_TEST(loopback) {
        MdAddresses addresses;
        ck_assert_int_eq(md_resolve(literals[_i].literal, 25, MD_SEC, &addresses), MD_RESOLVED);
        ck_assert_int_eq(md_address_is_loopback(&addresses.list[0]), literals[_i].is_loopback);
}
END_TEST

static const struct {
        const char *literal;
        bool is_internal;
} guarded_literals[] = {
        { "127.0.0.1", true },
        { "127.255.255.255", true },
        { "0.0.0.0", true },
        { "0.1.2.3", true },
        { "169.254.0.1", true },
        { "169.254.169.254", true },
        { "100.100.100.200", true },
        { "192.0.0.192", true },
        { "168.63.129.16", true },
        { "224.0.0.1", true },
        { "255.255.255.255", true },
        { "::", true },
        { "::1", true },
        { "::127.0.0.1", true },
        { "::ffff:127.0.0.1", true },
        { "::ffff:169.254.169.254", true },
        { "64:ff9b::7f00:1", true },
        { "2002:7f00:1::", true },
        { "2002:a9fe:a9fe::1", true },
        { "fe80::1", true },
        { "febf::1", true },
        { "fec0::1", true },
        { "fd00:ec2::254", true },
        { "ff02::1", true },
        { "126.255.255.255", false },
        { "128.0.0.1", false },
        { "1.0.0.0", false },
        { "169.253.255.255", false },
        { "169.255.0.1", false },
        { "192.0.0.191", false },
        { "223.255.255.255", false },
        { "203.0.113.1", false },
        { "10.201.202.203", false },
        { "192.168.201.202", false },
        { "::ffff:203.0.113.1", false },
        { "64:ff9b::c000:201", false },
        { "2002:c000:201::", false },
        { "2001:db8::1", false },
        { "fd00:ec2::253", false },
        { "ff::1", false },
};

START_TEST(internal) {
        MdAddresses addresses;
        ck_assert_int_eq(md_resolve(guarded_literals[_i].literal, 25, MD_SEC, &addresses), MD_RESOLVED);
        ck_assert_int_eq(md_address_is_internal(&addresses.list[0]), guarded_literals[_i].is_internal);
}
END_TEST

/* The others keep their order. */
START_TEST(guard) {
        static const char *const mixed[] = { "203.0.113.1", "127.0.0.1", "203.0.113.2", "::1", "203.0.113.3" };
        MdAddresses addresses = { 0 }, one;
        MdAddress first;
        char text[MD_ADDRESS_TEXT_MAX];

        for (size_t i = 0; i < 5; i++) {
                ck_assert_int_eq(md_resolve(mixed[i], 25, MD_SEC, &one), MD_RESOLVED);
                addresses.list[addresses.n++] = one.list[0];
        }
        ck_assert_uint_eq(md_addresses_guard(&addresses, &first), 2);
        md_address_text(&first, text);
        ck_assert_str_eq(text, "127.0.0.1");
        ck_assert_uint_eq(addresses.n, 3);
        for (size_t i = 0; i < 3; i++) {
                md_address_text(&addresses.list[i], text);
                ck_assert_str_eq(text, mixed[2 * i]);
        }
        ck_assert_uint_eq(md_addresses_guard(&addresses, &first), 0);
        ck_assert_uint_eq(addresses.n, 3);
}
END_TEST

/* ---- as findings ---- */

static const MdPlugin plugin = { .size = sizeof(MdPlugin), .kind = MD_KIND_PROTOCOL, .name = "smtp" };

static const struct {
        const char *host, *connect_to;
        const char *code;               /* NULL: none */
        const char *outcome;            /* of the step */
} targets[] = {
        { "a1-aaaa0.example.org", NULL, NULL, "ok" },
        { "missing.example.org", NULL, "dns.no-such-name", "failed" },
        { "a0-aaaa0.example.org", NULL, "dns.no-address", "failed" },
        { "failing.example.org", NULL, "dns.server-failure", "failed" },
        { "silent.example.org", NULL, "dns.timeout", "failed" },
        { "loopback.example.org", NULL, "dns.points-to-this-machine", "ok" },
        { "127.0.0.1", NULL, NULL, "ok" },
        { "localhost", NULL, NULL, "ok" },
        { "missing.example.org", "127.0.0.1", NULL, "ok" },
        { "a1-aaaa0.example.org", "missing.example.org", "dns.no-such-name", "failed" },
        { "missing.bücher.example.org", NULL, "dns.no-such-name", "failed" },
};

START_TEST(findings) {
        Sink sink = { 0 };
        const MdRunHooks hooks = { .emit = sink_emit, .userdata = &sink };
        const int fds[_MD_TARGET_FD_MAX] = { -1, -1, -1, -1, -1 };
        const MdTarget target = {
                .plugin = (char *) "smtp", .host = (char *) targets[_i].host,
                .connect_to = (char *) targets[_i].connect_to, .port = 25, .timeout_ms = 10000,
                .time_scale = 20,
        };
        ck_assert_int_eq(md_run(&plugin, &target, fds, NULL, &hooks), 0);
        ck_assert_str_eq(md_record_text(&sink.records[0], "name"), "resolve");
        ck_assert_str_eq(md_record_text(&sink.records[0], "outcome"), "started");
        ck_assert_ptr_nonnull(sink_find(&sink, "step", "outcome", targets[_i].outcome));
        ck_assert_uint_eq(sink_count(&sink, "finding"), targets[_i].code ? 1 : 0);
        if (targets[_i].code)
                ck_assert_ptr_nonnull(sink_finding(&sink, targets[_i].code));
        sink_done(&sink);
}
END_TEST

static const struct {
        const char *host, *connect_to;
        bool is_refused;
        const char *outcome;
} guarded_targets[] = {
        { "127.0.0.1", NULL, true, "failed" },
        { "localhost", NULL, true, "failed" },
        { "loopback.example.org", NULL, true, "failed" },
        { "a1-aaaa0.example.org", "::1", true, "failed" },
        { "a1-aaaa0.example.org", "loopback.example.org", true, "failed" },
        { "a1-aaaa0.example.org", NULL, false, "ok" },
        { "127.0.0.1", "a1-aaaa0.example.org", false, "ok" },
};

START_TEST(guarded) {
        Sink sink = { 0 };
        const MdRunHooks hooks = { .emit = sink_emit, .userdata = &sink };
        const int fds[_MD_TARGET_FD_MAX] = { -1, -1, -1, -1, -1 };
        const MdTarget target = {
                .plugin = (char *) "smtp", .host = (char *) guarded_targets[_i].host, .guarded = true,
                .connect_to = (char *) guarded_targets[_i].connect_to, .port = 25, .timeout_ms = 10000, .time_scale = 20,
        };
        ck_assert_int_eq(md_run(&plugin, &target, fds, NULL, &hooks), 0);
        ck_assert_ptr_nonnull(sink_find(&sink, "step", "outcome", guarded_targets[_i].outcome));
        ck_assert_int_eq(sink_finding(&sink, "policy.address-refused") != NULL, guarded_targets[_i].is_refused);
        if (guarded_targets[_i].is_refused)
                produced_note("unit", "resolve", "policy.address-refused");
        sink_done(&sink);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("resolve");
        TCase *tcase = tcase_create("resolve");
        tcase_set_timeout(tcase, 60);
        tcase_add_checked_fixture(tcase, start_server, stop_server);
        tcase_add_loop_test(tcase, table, 0, sizeof(names) / sizeof(names[0]));
        tcase_add_test(tcase, families_in_turn);
        tcase_add_test(tcase, no_more_than_eight);
        tcase_add_loop_test(tcase, loopback, 0, sizeof(literals) / sizeof(literals[0]));
        tcase_add_loop_test(tcase, internal, 0, sizeof(guarded_literals) / sizeof(guarded_literals[0]));
        tcase_add_test(tcase, guard);
        tcase_add_loop_test(tcase, findings, 0, sizeof(targets) / sizeof(targets[0]));
        tcase_add_loop_test(tcase, guarded, 0, sizeof(guarded_targets) / sizeof(guarded_targets[0]));
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
