/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* XML from strangers: what is read of a good document, and what each bad one is refused for. */

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "mutate.h"
#include "xml.h"

/* Writes down what it is told: "<name@namespace", "name=text>". */
typedef struct Notes {
        char text[4096];
        size_t used, n_open, n_closed;
} Notes;

static int note_open(void *userdata, const XmlElement *element) {
        Notes *notes = userdata;
        const char *id = xml_attribute(element, "id");
        notes->n_open++;
        notes->used += (size_t) snprintf(notes->text + notes->used, sizeof(notes->text) - notes->used, "<%s%s%s%s%s|%s ",
                                         element->namespace, element->namespace[0] ? ":" : "", element->name,
                                         id ? " id=" : "", id ? id : "", element->parent);
        notes->used = notes->used < sizeof(notes->text) ? notes->used : sizeof(notes->text) - 1;
        return 0;
}

static int note_close(void *userdata, const XmlElement *element) {
        Notes *notes = userdata;
        notes->n_closed++;
        notes->used += (size_t) snprintf(notes->text + notes->used, sizeof(notes->text) - notes->used, "%s=%.40s> ",
                                         element->name, element->text);
        notes->used = notes->used < sizeof(notes->text) ? notes->used : sizeof(notes->text) - 1;
        return 0;
}

static int read_text(const char *text, size_t size, Notes *notes, XmlFault *fault) {
        const XmlReader reader = { .open = note_open, .close = note_close, .userdata = notes };
        *notes = (Notes) { 0 };
        return xml_read(text, size, &reader, fault);
}

static const struct {
        const char *text, *notes;
} good[] = {
        { "<a/>", "<a| a=> " },
        { "<?xml version=\"1.0\"?>\n<a>\n  <b id='1'> x &amp; y </b>\n</a>", "<a| <b id=1|a b=x & y> a=> " },
        { "<a xmlns='u:n'><b/><c xmlns=''/></a>", "<u:n:a| <u:n:b|a b=> <c|a c=> a=> " },
        { "<x:a xmlns:x='u'><x:b>1</x:b></x:a>", "<u:a| <u:b|a b=1> a=> " },
        { "<a>one<b>two</b>three</a>", "<a| <b|a b=two> a=onethree> " },
        { "<a><![CDATA[<b>]]></a>", "<a| a=<b>> " },
        { "\xef\xbb\xbf<a>\xc3\xa9</a>", "<a| a=\xc3\xa9> " },
        { "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>", "<a| a=\xc3\xa9> " },
        { "<!DOCTYPE a SYSTEM 'http://example.org/a.dtd'><a/>", "<a| a=> " },
};

START_TEST(good_documents) {
        Notes notes;
        XmlFault fault;
        ck_assert_int_eq(read_text(good[_i].text, strlen(good[_i].text), &notes, &fault), 0);
        ck_assert_str_eq(notes.text, good[_i].notes);
        ck_assert_str_eq(fault.what, "");
}
END_TEST

#define LAUGHS "<!DOCTYPE a [<!ENTITY l 'lol'><!ENTITY m '&l;&l;&l;'>]>"

static const struct {
        const char *text;
        size_t size;
        const char *what;
        unsigned long line;
} bad[] = {
#define BAD(text, what, line) { text, sizeof(text) - 1, what, line }
        BAD("", "it is empty", 0),
        BAD("<a>", "no element found", 1),
        BAD("<a>\n<b></a>", "mismatched tag", 2),
        BAD("no markup", "syntax error", 1),
        BAD("<a/><b/>", "junk after document element", 1),
        BAD("<a b='1' b='2'/>", "duplicate attribute", 1),
        BAD("<x:a/>", "unbound prefix", 1),
        BAD(LAUGHS "<a>&m;</a>", "it declares an entity (l)", 1),
        BAD("<!DOCTYPE a [\n<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "it declares an entity (x)", 2),
        BAD("<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://example.org/x'> %p;]><a/>", "it declares an entity (p)", 1),
        BAD("<!DOCTYPE a SYSTEM 'x'><a>&nbsp;</a>", "it uses an entity that it does not declare (nbsp)", 1),
        BAD("<a>&nbsp;</a>", "undefined entity", 1),
        BAD("\xff\xfe<\0a\0/\0>\0", "it is in UTF-16", 0),
        BAD("\xfe\xff\0<\0a\0/\0>", "it is in UTF-16", 0),
        BAD("<\0a\0/\0>\0", "it holds NUL bytes", 0),
        BAD("\x1f\x8b\x08\0\0", "it is compressed, though that was not asked for", 0),
        BAD("<?xml version='1.0' encoding='UTF-7'?>\n<a/>", "unknown encoding", 1),
        BAD("+ADw-a/+AD4-", "not well-formed (invalid token)", 1),
        BAD("<a>\xff</a>", "not well-formed (invalid token)", 1),
        BAD("<a>\x01</a>", "not well-formed (invalid token)", 1),
};

START_TEST(bad_documents) {
        Notes notes;
        XmlFault fault;
        ck_assert_int_eq(read_text(bad[_i].text, bad[_i].size, &notes, &fault), -EBADMSG);
        ck_assert_str_eq(fault.what, bad[_i].what);
        ck_assert_uint_eq(fault.line, bad[_i].line);
}
END_TEST

static char *nested(size_t depth) {
        char *text = malloc(7 * depth + 1), *to = text;
        for (size_t i = 0; i < depth; i++)
                to = stpcpy(to, "<a>");
        for (size_t i = 0; i < depth; i++)
                to = stpcpy(to, "</a>");
        return text;
}

START_TEST(depth_has_a_bound) {
        static const struct {
                size_t depth;
                int result;
        } cases[] = { { 1, 0 }, { XML_DEPTH_MAX, 0 }, { XML_DEPTH_MAX + 1, -EBADMSG }, { 20000, -EBADMSG } };
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
                char *text = nested(cases[i].depth);
                Notes notes;
                XmlFault fault;
                ck_assert_int_eq(read_text(text, strlen(text), &notes, &fault), cases[i].result);
                ck_assert_uint_le(notes.n_open, XML_DEPTH_MAX);
                free(text);
        }
}
END_TEST

static int measure(void *userdata, const XmlElement *element) {
        *(size_t *) userdata = strlen(element->text);
        return 0;
}

START_TEST(long_text_is_cut) {
        size_t length = 0, size = 200000;
        const XmlReader reader = { .close = measure, .userdata = &length };
        char *text = malloc(size + 8);
        XmlFault fault;

        memcpy(text, "<a>", 3);
        memset(text + 3, 'x', size);
        memcpy(text + 3 + size, "</a>", 4);
        ck_assert_int_eq(xml_read(text, size + 7, &reader, &fault), 0);
        ck_assert_uint_eq(length, XML_TEXT_MAX);
        free(text);
}
END_TEST

static int refuse_b(void *userdata, const XmlElement *element) {
        return strcmp(element->name, "b") ? 0 : *(int *) userdata;
}

START_TEST(a_reader_can_end_it) {
        int result = -ENOMEM;
        const XmlReader reader = { .open = refuse_b, .userdata = &result };
        XmlFault fault;
        ck_assert_int_eq(xml_read("<a>\n\n<b><c></wrong>", 19, &reader, &fault), -ENOMEM);
        ck_assert_uint_eq(fault.line, 3);
}
END_TEST

START_TEST(mutants) {
        static const char text[] =
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a xmlns:x=\"u:1\"><!-- c --><x:b id=\"1\">&amp;<![CDATA[x]]></x:b>"
                "<!DOCTYPE><?p i?><c>\xc3\xa9&#13;</c></a>";
        for (unsigned round = 0; round < MUTATE_ROUNDS; round++) {
                Mutant mutant = mutate(text, sizeof(text) - 1, round);
                Notes notes;
                XmlFault fault;
                int r = read_text(mutant.bytes, mutant.size, &notes, &fault);
                ck_assert(r == 0 || (r == -EBADMSG && fault.what[0]));
                ck_assert(r < 0 || notes.n_open == notes.n_closed);
                free(mutant.bytes);
        }
}
END_TEST

int main(void) {
        Suite *suite = suite_create("web-xml");
        TCase *tcase = tcase_create("xml");
        tcase_add_loop_test(tcase, good_documents, 0, sizeof(good) / sizeof(good[0]));
        tcase_add_loop_test(tcase, bad_documents, 0, sizeof(bad) / sizeof(bad[0]));
        tcase_add_test(tcase, depth_has_a_bound);
        tcase_add_test(tcase, long_text_is_cut);
        tcase_add_test(tcase, a_reader_can_end_it);
        tcase_add_test(tcase, mutants);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
