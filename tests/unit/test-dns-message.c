/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Answers of the domain name system, and what SRV and MX records amount to. */

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "choice.h"
#include "harness.h"
#include "mutate.h"

/* Bytes of an answer as they are put together. */
typedef struct Packet {
        uint8_t bytes[65536];
        size_t size;
} Packet;

static void put(Packet *packet, const void *bytes, size_t size) {
        memcpy(packet->bytes + packet->size, bytes, size);
        packet->size += size;
}

static void put_number(Packet *packet, unsigned value, size_t size) {
        while (size-- > 0)
                packet->bytes[packet->size++] = (uint8_t) (value >> 8 * size);
}

/* "imap.example.org" as labels. */
static void put_name(Packet *packet, const char *name) {
        while (*name) {
                size_t length = strcspn(name, ".");
                put_number(packet, (unsigned) length, 1);
                put(packet, name, length);
                name += length + (name[length] == '.');
        }
        put_number(packet, 0, 1);
}

static Packet *packet_new(unsigned answers) {
        Packet *packet = calloc(1, sizeof(*packet));
        put(packet, "\x12\x34\x81\x80\0\1", 6);
        put_number(packet, answers, 2);
        put_number(packet, 0, 4);
        put_name(packet, "_imaps._tcp.example.org");
        put_number(packet, DNS_SRV, 2);
        put_number(packet, 1, 2);
        return packet;
}

static void put_record(Packet *packet, unsigned type, const void *data, size_t size) {
        put(packet, "\xc0\x0c", 2);
        put_number(packet, type, 2);
        put_number(packet, 1, 2);
        put_number(packet, 300, 4);
        put_number(packet, (unsigned) size, 2);
        put(packet, data, size);
}

static void put_srv(Packet *packet, unsigned priority, unsigned weight, unsigned port, const char *target) {
        Packet *data = calloc(1, sizeof(*data));
        put_number(data, priority, 2);
        put_number(data, weight, 2);
        put_number(data, port, 2);
        put_name(data, target);
        put_record(packet, DNS_SRV, data->bytes, data->size);
        free(data);
}

/* A copy that ends where the packet does, for a sanitizer to watch. */
static int parse(const Packet *packet, uint16_t type, DnsRecords *ret) {
        uint8_t *copy = malloc(packet->size ? packet->size : 1);
        memcpy(copy, packet->bytes, packet->size);
        int r = dns_records_parse(copy, packet->size, type, ret);
        free(copy);
        return r;
}

START_TEST(srv_records) {
        Packet *packet = packet_new(3);
        DnsRecords records;

        put_srv(packet, 10, 5, 993, "Imap.Example.ORG");
        put_record(packet, 46, "signature", 9);
        put_srv(packet, 0, 1, 0, "");
        ck_assert_int_eq(parse(packet, DNS_SRV, &records), 0);
        ck_assert_int_eq(dns_rcode(packet->bytes, packet->size), 0);
        ck_assert_int_eq(dns_rcode(packet->bytes, 11), -EBADMSG);
        ck_assert_uint_eq(records.n, 2);
        ck_assert_str_eq(records.list[0].name, "imap.example.org");
        ck_assert_uint_eq(records.list[0].priority, 10);
        ck_assert_uint_eq(records.list[0].weight, 5);
        ck_assert_uint_eq(records.list[0].port, 993);
        ck_assert_str_eq(records.list[1].name, ".");
        dns_records_done(&records);
        free(packet);
}
END_TEST

START_TEST(other_types) {
        Packet *packet = packet_new(3);
        DnsRecords records;

        put_record(packet, DNS_MX, "\0\x0a\2mx\xc0\x18", 7);
        put_record(packet, DNS_TXT, "\2ab\0\3c\0d", 8);
        put_record(packet, DNS_TLSA, "\3\1\1\xaa\xbb", 5);
        ck_assert_int_eq(parse(packet, DNS_MX, &records), 0);
        ck_assert_uint_eq(records.n, 1);
        ck_assert_uint_eq(records.list[0].priority, 10);
        ck_assert_str_eq(records.list[0].name, "mx.example.org");
        dns_records_done(&records);

        ck_assert_int_eq(parse(packet, DNS_TXT, &records), 0);
        ck_assert_uint_eq(records.list[0].size, 5);
        ck_assert_mem_eq(records.list[0].data, "abc\0d", 6);
        dns_records_done(&records);

        ck_assert_int_eq(parse(packet, DNS_TLSA, &records), 0);
        ck_assert_uint_eq(records.list[0].usage, 3);
        ck_assert_uint_eq(records.list[0].matching, 1);
        ck_assert_uint_eq(records.list[0].size, 2);
        dns_records_done(&records);
        free(packet);
}
END_TEST

/* Broken data of one record: it is left out, and the next one is there. */
static const struct {
        unsigned type;
        const char *data;
        size_t size;
} broken[] = {
        { DNS_SRV, "", 0 },
        { DNS_SRV, "\0\0\0\0\3", 5 },
        { DNS_SRV, "\0\0\0\0\3\xe1", 6 },
        { DNS_SRV, "\0\0\0\0\3\xe1\5imap", 11 },
        { DNS_SRV, "\0\0\0\0\3\xe1\4imap", 11 },
        { DNS_SRV, "\0\0\0\0\3\xe1\xc0", 7 },
        { DNS_SRV, "\0\0\0\0\3\xe1\xff\xff", 8 },
        { DNS_SRV, "\0\0\0\0\3\xe1\x80", 7 },
        { DNS_MX, "\0", 1 },
        { DNS_TXT, "\5abc", 4 },
        { DNS_TLSA, "\3\1", 2 },
};

START_TEST(broken_records) {
        Packet *packet = packet_new(2);
        DnsRecords records;

        put_record(packet, broken[_i].type, broken[_i].data, broken[_i].size);
        put_srv(packet, 1, 2, 993, "good.example.org");
        ck_assert_int_eq(parse(packet, (uint16_t) broken[_i].type, &records), 0);
        ck_assert_uint_eq(records.n, broken[_i].type == DNS_SRV);
        ck_assert_uint_eq(records.n_seen, 1 + (broken[_i].type == DNS_SRV));
        dns_records_done(&records);
        free(packet);
}
END_TEST

START_TEST(pointers_lead_only_back) {
        Packet *packet = packet_new(1);
        DnsRecords records;
        size_t at = packet->size + 12 + 6;      /* where the name of the record will be */

        put_record(packet, DNS_SRV, "\0\0\0\0\3\xe1\1a\xc0\0", 10);
        packet->bytes[packet->size - 1] = (uint8_t) at;         /* a.a.a.a… */
        ck_assert_int_eq(parse(packet, DNS_SRV, &records), 0);
        ck_assert_uint_eq(records.n, 0);
        dns_records_done(&records);
        free(packet);
}
END_TEST

START_TEST(odd_names_are_written_out) {
        Packet *packet = packet_new(1);
        DnsRecords records;

        put_record(packet, DNS_SRV, "\0\0\0\0\3\xe1\4a.\0b\7example\0", 20);
        ck_assert_int_eq(parse(packet, DNS_SRV, &records), 0);
        ck_assert_str_eq(records.list[0].name, "a\\046\\000b.example");
        dns_records_done(&records);
        free(packet);
}
END_TEST

START_TEST(cut_off_anywhere) {
        Packet *packet = packet_new(2);
        put_srv(packet, 1, 2, 993, "imap.example.org");
        put_srv(packet, 1, 2, 143, "imap.example.org");
        for (size_t size = packet->size; size-- > 0;) {
                DnsRecords records;
                packet->size = size;
                ck_assert_int_eq(parse(packet, DNS_SRV, &records), -EBADMSG);
                dns_records_done(&records);
        }
        free(packet);
}
END_TEST

START_TEST(mutants) {
        Packet *packet = packet_new(3);
        put_srv(packet, 1, 2, 993, "imap.example.org");
        put_record(packet, DNS_SRV, "\0\0\0\0\3\xe1\2mx\xc0\x18", 11);
        put_record(packet, DNS_TXT, "\2ab\0\3c\0d", 8);
        for (unsigned round = 0; round < 4 * MUTATE_ROUNDS; round++) {
                static const uint16_t types[] = { DNS_SRV, DNS_TXT, DNS_MX, DNS_TLSA };
                Mutant mutant = mutate((const char *) packet->bytes, packet->size, round);
                DnsRecords records;
                int r = dns_records_parse((const uint8_t *) mutant.bytes, mutant.size, types[round % 4], &records);
                ck_assert(r == 0 || r == -EBADMSG);
                for (size_t i = 0; i < records.n; i++)
                        ck_assert(!records.list[i].name || strlen(records.list[i].name) < DNS_NAME_SIZE);
                dns_records_done(&records);
                free(mutant.bytes);
        }
        free(packet);
}
END_TEST

/* ---- what they amount to ---- */

#define SRV(priority, weight, port, name) { priority, weight, port, 0, 0, 0, (char *) name, NULL, 0 }

static const struct {
        DnsRecord records[4];
        size_t n;
        const char *names;              /* of the choice, in order */
        bool absent;
        const char *why;
} choices[] = {
        { { SRV(10, 0, 993, "b.example"), SRV(0, 0, 993, "a.example") }, 2, "a.example b.example ", false, NULL },
        { { SRV(0, 1, 993, "b.example"), SRV(0, 9, 993, "c.example"), SRV(0, 1, 993, "a.example") }, 3,
          "c.example a.example b.example ", false, NULL },
        { { SRV(0, 0, 0, ".") }, 1, "", true, NULL },
        { { SRV(0, 0, 0, "."), SRV(0, 0, 993, "a.example") }, 2, "a.example ", false, NULL },
        { { SRV(0, 0, 0, "a.example"), SRV(0, 0, 993, "b.example") }, 2, "b.example ", false, "its port is 0" },
        { { SRV(0, 0, 22, "a.example") }, 1, "", false, "its port belongs to another service" },
        { { SRV(0, 0, 65535, "a.example") }, 1, "", false, "its port is reserved" },
        { { SRV(0, 0, 2525, "a.example") }, 1, "a.example ", false, NULL },
        { { SRV(0, 0, 993, "a\\046.example") }, 1, "", false, "its target has characters that no host name has" },
        { { SRV(0, 0, 993, "localhost") }, 1, "", false, "its target is no full name" },
        { { { 0 } }, 0, "", false, NULL },
};

START_TEST(choice) {
        const DnsRecords records = { choices[_i].n, choices[_i].n, (DnsRecord *) choices[_i].records };
        char names[256] = "";
        SrvChoice chosen;

        srv_choose(&records, &chosen);
        for (size_t i = 0; i < chosen.n; i++)
                strcat(strcat(names, chosen.list[i]->name), " ");
        ck_assert_str_eq(names, choices[_i].names);
        ck_assert_int_eq(chosen.absent, choices[_i].absent);
        ck_assert_str_eq(chosen.why ? chosen.why : "", choices[_i].why ? choices[_i].why : "");
        ck_assert_int_eq(chosen.bad != NULL, choices[_i].why != NULL);
}
END_TEST

START_TEST(five_hundred) {
        DnsRecord list[500];
        char names[500][32];
        const DnsRecords records = { 500, 500, list };
        SrvChoice chosen;

        for (size_t i = 0; i < 500; i++) {
                snprintf(names[i], sizeof(names[i]), "h%zu.example", i);
                list[i] = (DnsRecord) SRV((uint16_t) (500 - i), 0, 993, names[i]);
        }
        srv_choose(&records, &chosen);
        ck_assert_uint_eq(chosen.n, SRV_CHOICES_MAX);
        ck_assert_uint_eq(chosen.n_fine, 500);
        for (size_t i = 0; i < chosen.n; i++)
                ck_assert_uint_eq(chosen.list[i]->priority, i + 1);
}
END_TEST

START_TEST(exchangers) {
        DnsRecord list[] = { SRV(20, 0, 0, "mx2.example"), SRV(10, 0, 0, "mx1.example"), SRV(5, 0, 0, "mx\\0320") };
        const DnsRecords records = { 3, 3, list };
        const DnsRecords none = { 1, 1, &(DnsRecord) SRV(0, 0, 0, ".") };
        SrvChoice chosen;

        srv_choose_exchangers(&records, &chosen);
        ck_assert_uint_eq(chosen.n, 2);
        ck_assert_str_eq(chosen.list[0]->name, "mx1.example");
        ck_assert_ptr_eq(chosen.bad, &list[2]);
        srv_choose_exchangers(&none, &chosen);
        ck_assert(chosen.absent);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("dns-message");
        TCase *tcase = tcase_create("message");
        tcase_add_test(tcase, srv_records);
        tcase_add_test(tcase, other_types);
        tcase_add_loop_test(tcase, broken_records, 0, sizeof(broken) / sizeof(broken[0]));
        tcase_add_test(tcase, pointers_lead_only_back);
        tcase_add_test(tcase, odd_names_are_written_out);
        tcase_add_test(tcase, cut_off_anywhere);
        tcase_add_test(tcase, mutants);
        tcase_add_loop_test(tcase, choice, 0, sizeof(choices) / sizeof(choices[0]));
        tcase_add_test(tcase, five_hundred);
        tcase_add_test(tcase, exchangers);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
