/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The parser of IMAP responses: what each is read as, and what is wrong with the bad ones. */

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"
#include "response.h"

#define N_ELEMENTS(array) (sizeof(array) / sizeof((array)[0]))

/* ---- a response in words ---- */

static void write_values(FILE *out, const ImapResponse *response) {
        uint32_t depth = 0;
        bool first = true;

        for (size_t i = 0; i <= response->n_values; i++) {
                const ImapValue *value = i < response->n_values ? &response->values[i] : NULL;
                for (; depth > (value ? value->depth : 0); depth--) {
                        fputc(')', out);
                        first = false;
                }
                if (!value)
                        break;
                if (!first)
                        fputc(' ', out);
                first = false;
                if (value->type == IMAP_LIST) {
                        fputc('(', out);
                        depth++;
                        first = true;
                } else
                        fprintf(out, value->type == IMAP_STRING ? "\"%s\"" : "%s", value->text);
        }
}

static char *describe(const ImapResponse *response) {
        char *text = NULL;
        size_t size;
        FILE *out = open_memstream(&text, &size);

        switch (response->kind) {
        case IMAP_CONTINUE:
                fprintf(out, "continue <%s>", response->text);
                break;
        case IMAP_STATUS:
                fprintf(out, "%s %s", response->tag ?: "untagged", imap_status_to_string(response->status));
                if (response->code)
                        fprintf(out, " [%s|%s]", response->code, response->argument ?: "");
                fprintf(out, " <%s>", response->text);
                break;
        case IMAP_DATA:
                fprintf(out, "data %s %llu ", response->name, (unsigned long long) response->number);
                write_values(out, response);
                break;
        }
        fclose(out);
        return text;
}

/* ---- good ones ---- */

static const struct {
        const char *bytes, *expected;
} good[] = {
        /* continuation */
        { "+", "continue <>" },
        { "+ ", "continue <>" },
        { "+ go ahead", "continue <go ahead>" },
        { "+ eyJzdGF0dXMiOiI0MDAifQ==", "continue <eyJzdGF0dXMiOiI0MDAifQ==>" },
        /* status */
        { "* OK", "untagged OK <>" },
        { "* OK ready", "untagged OK <ready>" },
        { "* ok ready", "untagged OK <ready>" },
        { "*  OK   ready", "untagged OK <ready>" },
        { "* PREAUTH IMAP4rev1 server logged in as Smith",
          "untagged PREAUTH <IMAP4rev1 server logged in as Smith>" },
        { "* BYE", "untagged BYE <>" },
        { "* BYE [UNAVAILABLE] later", "untagged BYE [UNAVAILABLE|] <later>" },
        { "A1 OK done", "A1 OK <done>" },
        { "A1 NO", "A1 NO <>" },
        { "A1 Bad syntax", "A1 BAD <syntax>" },
        { "A1 NO [AUTHENTICATIONFAILED] no", "A1 NO [AUTHENTICATIONFAILED|] <no>" },
        { "A1 OK [CAPABILITY IMAP4rev1 IDLE] in", "A1 OK [CAPABILITY|IMAP4rev1 IDLE] <in>" },
        { "A1 OK [CAPABILITY  IMAP4rev1 ]in", "A1 OK [CAPABILITY|IMAP4rev1 ] <in>" },
        { "A1 OK [READ-WRITE] [Gmail]/Sent Mail selected",
          "A1 OK [READ-WRITE|] <[Gmail]/Sent Mail selected>" },
        { "* OK [PERMANENTFLAGS (\\Answered \\*)] Limited",
          "untagged OK [PERMANENTFLAGS|(\\Answered \\*)] <Limited>" },
        { "t BAD [BADCHARSET (US-ASCII \"[in] \\\"]\")] charset",
          "t BAD [BADCHARSET|(US-ASCII \"[in] \\\"]\")] <charset>" },
        { "A1 NO [REFERRAL imap://evil.example/;AUTH=*] elsewhere",
          "A1 NO [REFERRAL|imap://evil.example/;AUTH=*] <elsewhere>" },
        { "* NO [WEBALERT https://x.example/a?b=1] Web login required.",
          "untagged NO [WEBALERT|https://x.example/a?b=1] <Web login required.>" },
        { "* OK [UNKNOWN-CTE/x.1] t", "untagged OK [UNKNOWN-CTE/x.1|] <t>" },
        /* brackets that are no code */
        { "A1 OK [Error=\"a b\" Proxy=c] AUTHENTICATE completed.",
          "A1 OK <[Error=\"a b\" Proxy=c] AUTHENTICATE completed.>" },
        { "* OK [CAPABILITY IMAP4rev1", "untagged OK <[CAPABILITY IMAP4rev1>" },
        { "* OK [] nothing", "untagged OK <[] nothing>" },
        { "* OK [\"ALERT] x\"]", "untagged OK <[\"ALERT] x\"]>" },
        { "* OK ready. [TQBX]", "untagged OK <ready. [TQBX]>" },
        /* text for people is not looked into */
        { "* OK ((((( \" {5}", "untagged OK <((((( \" {5}>" },
        { "A1 NO {2147483647}", "A1 NO <{2147483647}>" },
        /* data */
        { "* 8 EXISTS", "data EXISTS 8 " },
        { "* 0 RECENT", "data RECENT 0 " },
        { "* 9223372036854775807 EXISTS", "data EXISTS 9223372036854775807 " },
        { "* CAPABILITY IMAP4rev1  AUTH=PLAIN ", "data CAPABILITY 0 IMAP4rev1 AUTH=PLAIN" },
        { "* FLAGS (\\Seen $Junk \\*)", "data FLAGS 0 (\\Seen $Junk \\*)" },
        { "* LIST (\\HasNoChildren) \"/\" INBOX", "data LIST 0 (\\HasNoChildren) \"/\" INBOX" },
        { "* LIST () NIL \"\"", "data LIST 0 () NIL \"\"" },
        { "* LIST () \"\\\\\" \"a \\\"b\\\"\"", "data LIST 0 () \"\\\" \"a \"b\"\"" },
        { "* LIST () \".\" {19}\r\nLiteral Folder Name", "data LIST 0 () \".\" \"Literal Folder Name\"" },
        { "* LIST () \".\" {0}\r\n", "data LIST 0 () \".\" \"\"" },
        { "* LIST () {1}\r\n. {3}\r\na)(", "data LIST 0 () \".\" \"a)(\"" },
        { "* STATUS {4}\r\na{2} (MESSAGES 60)", "data STATUS 0 \"a{2}\" (MESSAGES 60)" },
        { "* STATUS {4}\r\n\r\n\r\n (MESSAGES 60)", "data STATUS 0 \"\r\n\r\n\" (MESSAGES 60)" },
        { "* LIST () \"/\" \"\xe2\x98\x83\"", "data LIST 0 () \"/\" \"\xe2\x98\x83\"" },
        { "* NAMESPACE ((\"\" \"/\")) NIL ((\"#a/\" \"/\")(\"#b.\" \".\"))",
          "data NAMESPACE 0 ((\"\" \"/\")) NIL ((\"#a/\" \"/\") (\"#b.\" \".\"))" },
        { "* ID (\"name\" \"Dovecot\" \"os\" NIL)", "data ID 0 (\"name\" \"Dovecot\" \"os\" NIL)" },
        { "* ID NIL", "data ID 0 NIL" },
        { "* QUOTA \"\" (STORAGE 10 512)", "data QUOTA 0 \"\" (STORAGE 10 512)" },
        { "* 2 FETCH (FLAGS () BODY[HEADER.FIELDS (A B)] {3}\r\nA:\n UID 3)",
          "data FETCH 2 (FLAGS () BODY[HEADER.FIELDS (A B)] \"A:\n\" UID 3)" },
        { "* LIST () \"/\" [Gmail]/All", "data LIST 0 () \"/\" [Gmail]/All" },
        { "* LIST () \"/\" a[b", "data LIST 0 () \"/\" a[b" },
        { "* NOOP froopy snood", "data NOOP 0 froopy snood" },
        { "* X-THING.1", "data X-THING.1 0 " },
        { "* NOTHING ~{5", "data NOTHING 0 ~{5" },
};

START_TEST(reads) {
        ImapResponse response;

        int r = imap_response_parse(good[_i].bytes, strlen(good[_i].bytes), &response);
        ck_assert_msg(r == 0, "%s: %d", good[_i].bytes, r);
        char *description = describe(&response);
        ck_assert_str_eq(description, good[_i].expected);
        free(description);
        imap_response_done(&response);
}
END_TEST

/* Every beginning of a good one is read or refused, and never read beyond: the copy ends where it ends. */
START_TEST(beginnings) {
        for (size_t n = 0; n <= strlen(good[_i].bytes); n++) {
                ImapResponse response;
                char *bytes = malloc(n ?: 1);
                memcpy(bytes, good[_i].bytes, n);
                int r = imap_response_parse(bytes, n, &response);
                free(bytes);
                ck_assert_int_ge(r, 0);
                if (r == 0) {
                        free(describe(&response));
                        imap_response_done(&response);
                }
        }
}
END_TEST

/* ---- bad ones ---- */

static const struct {
        const char *bytes;
        ImapFault fault;
} bad[] = {
        { "", IMAP_FAULT_SYNTAX },
        { " ", IMAP_FAULT_SYNTAX },
        { "*", IMAP_FAULT_SYNTAX },
        { "* ", IMAP_FAULT_SYNTAX },
        { "*OK ready", IMAP_FAULT_SYNTAX },
        { "OK ready", IMAP_FAULT_SYNTAX },
        { "+OK POP3 ready", IMAP_FAULT_SYNTAX },
        { "220 smtp ready", IMAP_FAULT_SYNTAX },
        { "A1", IMAP_FAULT_SYNTAX },
        { "A1 ", IMAP_FAULT_SYNTAX },
        { "A1 OKAY", IMAP_FAULT_SYNTAX },
        { "A1 BYE", IMAP_FAULT_SYNTAX },
        { "A1 PREAUTH", IMAP_FAULT_SYNTAX },
        { "A1 CAPABILITY IMAP4rev1", IMAP_FAULT_SYNTAX },
        { "A(1 OK", IMAP_FAULT_SYNTAX },
        { "A\x01 OK", IMAP_FAULT_SYNTAX },
        { "\xc3\x84 OK", IMAP_FAULT_SYNTAX },
        { "* (LIST)", IMAP_FAULT_SYNTAX },
        { "* 12", IMAP_FAULT_SYNTAX },
        { "* 12 13", IMAP_FAULT_SYNTAX },
        { "* -1 EXISTS", IMAP_FAULT_SYNTAX },
        { "* 9223372036854775808 EXISTS", IMAP_FAULT_SYNTAX },
        { "* LIST (", IMAP_FAULT_SYNTAX },
        { "* LIST )", IMAP_FAULT_SYNTAX },
        { "* LIST ())", IMAP_FAULT_SYNTAX },
        { "* LIST () \"/\" \"INBOX", IMAP_FAULT_SYNTAX },
        { "* LIST () \"/\" \"INBOX\\\"", IMAP_FAULT_SYNTAX },
        { "* LIST () \"/\" \"INBOX\\", IMAP_FAULT_SYNTAX },
        { "* LIST () \"/\" \"INB {3}\r\nOX\"", IMAP_FAULT_SYNTAX },
        { "* LIST () \"/\" a\r\nb", IMAP_FAULT_SYNTAX },
        { "* LIST {", IMAP_FAULT_LITERAL },
        { "* LIST {}", IMAP_FAULT_LITERAL },
        { "* LIST {3}", IMAP_FAULT_LITERAL },
        { "* LIST {3}\r", IMAP_FAULT_LITERAL },
        { "* LIST {3}\r\nab", IMAP_FAULT_LITERAL },
        { "* LIST {3} abc", IMAP_FAULT_LITERAL },
        { "* LIST {x}\r\nabc", IMAP_FAULT_LITERAL },
        { "* LIST {{3}\r\nabc", IMAP_FAULT_LITERAL },
        { "* LIST {x} {3}\r\nabc", IMAP_FAULT_LITERAL },
        { "* LIST {012}\r\nabcdefghijkl", IMAP_FAULT_LITERAL },
};

START_TEST(refuses) {
        ImapResponse response;
        ck_assert_int_eq(imap_response_parse(bad[_i].bytes, strlen(bad[_i].bytes), &response), bad[_i].fault);
}
END_TEST

START_TEST(depth) {
        char bytes[256] = "* LIST ";

        for (unsigned n = 1; n <= 100; n++) {
                ImapResponse response;
                memset(bytes + 7, '(', n);
                memset(bytes + 7 + n, ')', n);
                int r = imap_response_parse(bytes, 7 + 2 * n, &response);
                ck_assert_int_eq(r, n <= IMAP_DEPTH_MAX ? 0 : IMAP_FAULT_DEPTH);
                if (r == 0) {
                        ck_assert_uint_eq(response.n_values, n);
                        ck_assert_uint_eq(imap_value_next(&response, 0), n);
                        imap_response_done(&response);
                }
        }
}
END_TEST

START_TEST(amount) {
        static const char head[] = "* X ";
        size_t size = strlen(head) + 2 * (IMAP_VALUES_MAX + 1);
        char *bytes = malloc(size);
        ImapResponse response;

        memcpy(bytes, head, strlen(head));
        for (size_t i = strlen(head); i < size; i += 2)
                memcpy(bytes + i, "a ", 2);
        ck_assert_int_eq(imap_response_parse(bytes, size, &response), IMAP_FAULT_AMOUNT);
        ck_assert_int_eq(imap_response_parse(bytes, size - 2, &response), 0);
        ck_assert_uint_eq(response.n_values, IMAP_VALUES_MAX);
        imap_response_done(&response);
        free(bytes);
}
END_TEST

/* A literal and a quoted string may hold NUL; neither ends the parser early. */
START_TEST(nul_bytes) {
        static const char bytes[] = "* ID (\"a\0b\" {3}\r\n\0\0c d\0e \0)";
        ImapResponse response;

        ck_assert_int_eq(imap_response_parse(bytes, sizeof(bytes) - 1, &response), 0);
        ck_assert_uint_eq(response.n_values, 5);
        ck_assert_uint_eq(response.values[1].size, 3);
        ck_assert_uint_eq(response.values[2].size, 3);
        ck_assert(!memcmp(response.values[2].text, "\0\0c", 3));
        ck_assert_uint_eq(response.values[3].size, 3);
        imap_response_done(&response);
        ck_assert_int_eq(imap_response_parse("\0", 1, &response), IMAP_FAULT_SYNTAX);
        ck_assert_int_eq(imap_response_parse("* \0", 3, &response), IMAP_FAULT_SYNTAX);
}
END_TEST

/* Brackets that never close must not make it slow: 64 KiB of them took minutes when each looked for its
 * end. */
START_TEST(brackets) {
        size_t size = 64 * 1024;
        char *bytes = malloc(size);
        ImapResponse response;

        memset(bytes, '[', size);
        memcpy(bytes, "* X ]", 5);
        ck_assert_int_eq(imap_response_parse(bytes, size, &response), 0);
        imap_response_done(&response);
        bytes[size - 1] = ']';
        ck_assert_int_eq(imap_response_parse(bytes, size, &response), 0);
        ck_assert_uint_eq(response.n_values, 1);
        imap_response_done(&response);
        free(bytes);
}
END_TEST

/* ---- literals announced ---- */

static const struct {
        const char *line;
        int result;
        size_t size;
} announcements[] = {
        { "* LIST () \"/\" {19}", 1, 19 },
        { "* LIST ({0}", 1, 0 },
        { " {65536}", 1, 65536 },
        { "{5}", 1, 5 },
        { " {65537}", -IMAP_FAULT_LITERAL_SIZE, 0 },
        { " {2147483647}", -IMAP_FAULT_LITERAL_SIZE, 0 },
        { " {4294967295}", -IMAP_FAULT_LITERAL_SIZE, 0 },
        { " {4294967296}", -IMAP_FAULT_LITERAL_SIZE, 0 },
        { " {18446744073709551615}", -IMAP_FAULT_LITERAL_SIZE, 0 },
        { " {18446744073709551616}", -IMAP_FAULT_LITERAL_SIZE, 0 },
        { " {99999999999999999999999999999999999999999}", -IMAP_FAULT_LITERAL_SIZE, 0 },
        { " {-1}", -IMAP_FAULT_LITERAL, 0 },
        { " {}", -IMAP_FAULT_LITERAL, 0 },
        { " {+}", -IMAP_FAULT_LITERAL, 0 },
        { " {012}", -IMAP_FAULT_LITERAL, 0 },
        { " {00}", -IMAP_FAULT_LITERAL, 0 },
        { " {5+}", -IMAP_FAULT_LITERAL, 0 },
        { " {5-}", -IMAP_FAULT_LITERAL, 0 },
        { " ~{5}", -IMAP_FAULT_LITERAL, 0 },
        { " name{5}", -IMAP_FAULT_LITERAL, 0 },
        { "", 0, 0 },
        { "}", 0, 0 },
        { " {5} ", 0, 0 },
        { " {5", 0, 0 },
        { " 5}", 0, 0 },
        { " {five}", 0, 0 },
        { " {5 }", 0, 0 },
        { " \"{5}\"", 0, 0 },
};

START_TEST(announces) {
        size_t size = 0;
        int r = imap_line_announces(announcements[_i].line, strlen(announcements[_i].line), &size);
        ck_assert_msg(r == announcements[_i].result, "%s: %d", announcements[_i].line, r);
        ck_assert_uint_eq(size, announcements[_i].size);
}
END_TEST

static const struct {
        const char *line;
        bool may;
} literal_lines[] = {
        { "* LIST () \"/\" {19}", true },
        { "* 1 FETCH (BODY[] {3}", true },
        { "* OK {5}", false },
        { "*  bye {5}", false },
        { "* NO [BADCHARSET ({5}", false },
        { "A1 NO {5}", false },
        { "+ {5}", false },
        { "{5}", false },
        { "", false },
};

START_TEST(literals_only_in_data) {
        ck_assert_int_eq(imap_line_may_hold_literals(literal_lines[_i].line, strlen(literal_lines[_i].line)),
                         literal_lines[_i].may);
}
END_TEST

/* ---- values ---- */

START_TEST(numbers) {
        static const struct {
                const char *text;
                bool is;
                uint64_t number;
        } cases[] = {
                { "0", true, 0 },
                { "007", true, 7 },
                { "9223372036854775807", true, INT64_MAX },
                { "9223372036854775808", false, 0 },
                { "99999999999999999999", false, 0 },
                { "", false, 0 },
                { "-1", false, 0 },
                { "1a", false, 0 },
        };

        for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
                ImapValue value = { .type = IMAP_ATOM, .text = cases[i].text, .size = strlen(cases[i].text) };
                uint64_t number = 0;
                ck_assert_int_eq(imap_value_number(&value, &number), cases[i].is);
                ck_assert_uint_eq(number, cases[i].number);
                value.type = IMAP_STRING;
                ck_assert(!imap_value_number(&value, &number));
        }
}
END_TEST

START_TEST(steps_over_lists) {
        static const char bytes[] = "* NAMESPACE ((\"\" \"/\")(\"a\" NIL)) nil x";
        ImapResponse response;

        ck_assert_int_eq(imap_response_parse(bytes, strlen(bytes), &response), 0);
        size_t second = imap_value_next(&response, 0);
        ck_assert_uint_eq(second, 7);
        ck_assert(imap_value_is_nil(&response.values[second]));
        ck_assert(!imap_value_is_nil(&response.values[0]));
        ck_assert_uint_eq(imap_value_next(&response, 1), 4);
        ck_assert_uint_eq(imap_value_next(&response, 8), 9);
        imap_response_done(&response);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("imap-response");
        TCase *tcase = tcase_create("imap-response");
        tcase_add_loop_test(tcase, reads, 0, N_ELEMENTS(good));
        tcase_add_loop_test(tcase, beginnings, 0, N_ELEMENTS(good));
        tcase_add_loop_test(tcase, refuses, 0, N_ELEMENTS(bad));
        tcase_add_test(tcase, depth);
        tcase_add_test(tcase, amount);
        tcase_add_test(tcase, nul_bytes);
        tcase_add_test(tcase, brackets);
        tcase_add_loop_test(tcase, announces, 0, N_ELEMENTS(announcements));
        tcase_add_loop_test(tcase, literals_only_in_data, 0, N_ELEMENTS(literal_lines));
        tcase_add_test(tcase, numbers);
        tcase_add_test(tcase, steps_over_lists);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
