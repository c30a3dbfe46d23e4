/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The registry believes a worker only what is in order. */

#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "registry.h"

static int add(Registry *registry, const char *kind, const MdField *fields) {
        MdRecord record;
        md_record_init(&record, kind);
        ck_assert_int_eq(md_record_add_all(&record, fields), 0);
        int r = registry_add(registry, &record);
        md_record_done(&record);
        return r;
}

#define ADD(registry, kind, ...) add(registry, kind, (const MdField[]) { __VA_ARGS__, { 0 } })

static int add_finding(Registry *registry, const char *plugin, const char *code) {
        return ADD(registry, "finding", MD_TEXT("plugin", plugin), MD_TEXT("code", code), MD_TEXT("severity", "error"),
                   MD_TEXT("actor", "user"), MD_TEXT("stage", "auth"), MD_TEXT("title", "t"),
                   MD_TEXT("meaning", "m"), MD_TEXT("remedy", "r"), MD_TEXT("since", "0.1"));
}

static Registry *with_plugin(void) {
        Registry *registry = registry_new();
        ck_assert_int_eq(ADD(registry, "plugin", MD_TEXT("name", "noop"), MD_TEXT("state", "loaded"),
                             MD_TEXT("version", "1"), MD_TEXT("purpose", "other"), MD_NUMBER("abi", 1)), 0);
        return registry;
}

START_TEST(takes_what_is_in_order) {
        Registry *registry = with_plugin();
        const char *owner;
        ck_assert_int_eq(ADD(registry, "endpoint", MD_TEXT("plugin", "noop"), MD_NUMBER("port", 7),
                             MD_TEXT("security", "none"), MD_TEXT("service", "echo")), 0);
        ck_assert_int_eq(add_finding(registry, "noop", "noop.broken"), 0);
        ck_assert_uint_eq(registry_plugin(registry, "noop")->endpoints[0].port, 7);
        ck_assert_str_eq(registry_finding(registry, "noop.broken", &owner)->title, "t");
        ck_assert_str_eq(owner, "noop");
        ck_assert_ptr_nonnull(registry_finding(registry, "cert.expired", &owner));
        ck_assert_ptr_null(owner);
        ck_assert_ptr_null(registry_finding(registry, "no.such", NULL));
        registry_free(registry);
}
END_TEST

START_TEST(refuses_the_rest) {
        Registry *registry = with_plugin();
        ck_assert_int_eq(ADD(registry, "plugin", MD_TEXT("name", "noop"), MD_TEXT("state", "loaded"),
                             MD_TEXT("purpose", "other")), -EBADMSG);
        ck_assert_int_eq(ADD(registry, "plugin", MD_TEXT("name", "Bad Name"), MD_TEXT("state", "loaded"),
                             MD_TEXT("purpose", "other")), -EBADMSG);
        ck_assert_int_eq(ADD(registry, "plugin", MD_TEXT("state", "failed")), -EBADMSG);
        ck_assert_int_eq(ADD(registry, "endpoint", MD_TEXT("plugin", "other"), MD_NUMBER("port", 7),
                             MD_TEXT("security", "none")), -EBADMSG);
        ck_assert_int_eq(ADD(registry, "endpoint", MD_TEXT("plugin", "noop"), MD_NUMBER("port", 70000),
                             MD_TEXT("security", "none")), -EBADMSG);
        ck_assert_int_eq(add_finding(registry, "noop", "cert.expired"), -EBADMSG);
        ck_assert_int_eq(add_finding(registry, "noop", "nodot"), -EBADMSG);
        ck_assert_int_eq(add_finding(registry, "noop", "two.dots.here"), -EBADMSG);
        ck_assert_int_eq(add_finding(registry, "other", "noop.x"), -EBADMSG);
        ck_assert_int_eq(ADD(registry, "gift", MD_TEXT("plugin", "noop")), -EBADMSG);
        registry_free(registry);
}
END_TEST

#define ADD_RULE(registry, ...) \
        ADD(registry, "rule", MD_TEXT("plugin", "noop"), __VA_ARGS__)

START_TEST(takes_rules) {
        Registry *registry = with_plugin();
        ck_assert_int_eq(add_finding(registry, "noop", "noop.broken"), 0);
        ck_assert_int_eq(ADD_RULE(registry, MD_TEXT("code", "noop.broken"), MD_TEXT("pattern", ""),
                                  MD_NUMBER("when", MD_REPLY_TO_APP)), 0);
        ck_assert_int_eq(ADD_RULE(registry, MD_TEXT("code", "auth.rejected"), MD_TEXT("reply-code", "NO")), 0);
        const PluginInfo *plugin = registry_plugin(registry, "noop");
        ck_assert_uint_eq(plugin->n_rules, 2);
        ck_assert_str_eq(plugin->rules[0].id, "noop.broken");
        ck_assert_str_eq(plugin->rules[0].pattern, "");
        ck_assert_uint_eq(plugin->rules[0].when, MD_REPLY_TO_APP);
        ck_assert_str_eq(plugin->rules[1].code, "NO");
        ck_assert_ptr_null(plugin->rules[1].pattern);
        registry_free(registry);
}
END_TEST

START_TEST(refuses_rules) {
        char pattern[MD_REPLY_PATTERN_MAX + 2] = "";
        Registry *registry = with_plugin();

        memset(pattern, 'a', sizeof(pattern) - 1);
        ck_assert_int_eq(ADD(registry, "rule", MD_TEXT("plugin", "other"), MD_TEXT("code", "auth.rejected")), -EBADMSG);
        ck_assert_int_eq(ADD_RULE(registry, MD_TEXT("pattern", "a")), -EBADMSG);
        ck_assert_int_eq(ADD_RULE(registry, MD_TEXT("code", "noop.later")), -EBADMSG);
        ck_assert_int_eq(ADD_RULE(registry, MD_TEXT("code", "auth.rejected"), MD_TEXT("pattern", pattern)), -EBADMSG);
        ck_assert_int_eq(ADD_RULE(registry, MD_TEXT("code", "auth.rejected"), MD_TEXT("provider", "\033[31m")),
                         -EBADMSG);
        ck_assert_int_eq(ADD_RULE(registry, MD_TEXT("code", "auth.rejected"), MD_NUMBER("when", 1u << 20)), -EBADMSG);
        for (unsigned i = 0; i < REGISTRY_RULES_MAX; i++)
                ck_assert_int_eq(ADD_RULE(registry, MD_TEXT("code", "auth.rejected")), 0);
        ck_assert_int_eq(ADD_RULE(registry, MD_TEXT("code", "auth.rejected")), -EBADMSG);
        registry_free(registry);
}
END_TEST

START_TEST(refused_files_are_kept_with_their_reason) {
        Registry *registry = with_plugin();
        ck_assert_int_eq(ADD(registry, "plugin", MD_TEXT("name", "old.so"), MD_TEXT("state", "failed"),
                             MD_TEXT("error", "built for ABI 0")), 0);
        ck_assert_uint_eq(registry_n_plugins(registry), 2);
        ck_assert_str_eq(registry_plugin_at(registry, 1)->error, "built for ABI 0");
        ck_assert_ptr_null(registry_plugin(registry, "old.so"));
        registry_free(registry);
}
END_TEST

START_TEST(discovery_is_no_protocol) {
        Registry *registry = with_plugin();
        size_t at = 0;
        ck_assert_int_eq(ADD(registry, "plugin", MD_TEXT("name", "table"), MD_TEXT("state", "loaded"),
                             MD_TEXT("kind", "discovery"), MD_TEXT("purpose", "other")), 0);
        ck_assert_int_eq(ADD(registry, "plugin", MD_TEXT("name", "odd"), MD_TEXT("state", "loaded"),
                             MD_TEXT("kind", "oracle"), MD_TEXT("purpose", "other")), -EBADMSG);
        ck_assert_ptr_null(registry_plugin(registry, "table"));
        ck_assert_str_eq(registry_next_discovery(registry, &at)->name, "table");
        ck_assert_ptr_null(registry_next_discovery(registry, &at));
        registry_free(registry);
}
END_TEST

/* Two workers look like one; what the second has twice is refused. */
START_TEST(two_as_one) {
        Registry *first = with_plugin(), *second = registry_new();
        const char *owner;
        ck_assert_int_eq(add_finding(first, "noop", "noop.first"), 0);
        for (size_t i = 0; i < 3; i++) {
                static const char *const names[] = { "web", "noop", "thief" };
                ck_assert_int_eq(ADD(second, "plugin", MD_TEXT("name", names[i]), MD_TEXT("state", "loaded"),
                                     MD_TEXT("kind", "discovery"), MD_TEXT("purpose", "other")), 0);
        }
        ck_assert_int_eq(add_finding(second, "web", "web.odd"), 0);
        ck_assert_int_eq(add_finding(second, "thief", "noop.first"), 0);

        Registry *merged = registry_merge(first, second);
        registry_free(first);
        registry_free(second);
        ck_assert_uint_eq(registry_n_plugins(merged), 4);
        ck_assert(registry_has(merged, "web"));
        ck_assert(!registry_has(merged, "thief"));
        ck_assert_ptr_nonnull(registry_plugin(merged, "noop"));
        ck_assert_str_eq(registry_plugin_at(merged, 2)->error, "has the name of another plugin");
        ck_assert_str_eq(registry_plugin_at(merged, 3)->error, "has a finding that another plugin has");
        ck_assert_ptr_nonnull(registry_finding(merged, "noop.first", &owner));
        ck_assert_str_eq(owner, "noop");
        ck_assert_ptr_nonnull(registry_finding(merged, "web.odd", &owner));
        ck_assert_str_eq(owner, "web");
        const char **codes = registry_codes(merged);
        for (size_t i = 1; codes[i]; i++)
                ck_assert_int_lt(strcmp(codes[i - 1], codes[i]), 0);
        free(codes);
        registry_free(merged);
}
END_TEST

START_TEST(lives_as_long_as_an_owner) {
        Registry *registry = with_plugin();
        ck_assert_ptr_eq(registry_ref(registry), registry);
        ck_assert_ptr_null(registry_free(registry));
        ck_assert_ptr_nonnull(registry_plugin(registry, "noop"));
        registry_free(registry);
}
END_TEST

START_TEST(codes_are_sorted_and_unique) {
        Registry *registry = with_plugin();
        ck_assert_int_eq(add_finding(registry, "noop", "aaa.first"), 0);
        const char **codes = registry_codes(registry);
        ck_assert_str_eq(codes[0], "aaa.first");
        for (size_t i = 1; codes[i]; i++)
                ck_assert_int_lt(strcmp(codes[i - 1], codes[i]), 0);
        free(codes);
        registry_free(registry);
}
END_TEST

int main(void) {
        Suite *suite = suite_create("registry");
        TCase *tcase = tcase_create("registry");
        tcase_add_test(tcase, takes_what_is_in_order);
        tcase_add_test(tcase, refuses_the_rest);
        tcase_add_test(tcase, takes_rules);
        tcase_add_test(tcase, refuses_rules);
        tcase_add_test(tcase, refused_files_are_kept_with_their_reason);
        tcase_add_test(tcase, discovery_is_no_protocol);
        tcase_add_test(tcase, two_as_one);
        tcase_add_test(tcase, lives_as_long_as_an_owner);
        tcase_add_test(tcase, codes_are_sorted_and_unique);
        suite_add_tcase(suite, tcase);
        return run_suite(suite);
}
