/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Documents about accounts: fetched, translated, printed. */

#include <stdio.h>
#include <string.h>

#include "call.h"
#include "known.h"
#include "report.h"
#include "translate.h"

/* The sentence about an account is that of what is broken, else that of the first finding. */
static void translate_summary(json_t *account) {
        static const char *const abilities[] = { "receive", "send" };
        const json_t *finding = json_array_get(json_object_get(account, "findings"), 0), *best = NULL;
        const char *key = "message";

        for (size_t i = 0; !best && i < sizeof(abilities) / sizeof(abilities[0]); i++) {
                const json_t *ability = json_object_get(account, abilities[i]);
                if (!strcmp(report_text(ability, "verdict"), "broken")) {
                        best = ability;
                        key = "text";
                }
        }
        if (!best && finding)
                best = finding;
        if (!best) {
                best = json_object_get(account, "receive");
                key = "text";
        }
        if (best && *report_text(best, key))
                json_object_set_new(account, "summary", json_string(report_text(best, key)));
}

/* Each account has what a report has. */
static int translate_accounts(Call *call, json_t *accounts) {
        json_t *reports, *account;
        size_t i;

        if (!translate_is_active())
                return 0;
        reports = json_pack("{s:O, s:[]}", "reports", accounts, "findings");
        int status = translate_report(call, reports);
        json_decref(reports);
        json_array_foreach(accounts, i, account)
                if (*report_text(account, "summary"))
                        translate_summary(account);
        return status;
}

static int fetch(const Settings *settings, const char *id, json_t **ret) {
        Call *call;

        int status = call_new(settings, &call);
        if (status != 0)
                return status;
        status = id ? call_describe_account(call, id, ret) : call_describe(call, ret);
        if (status == 0 && !settings->json) {
                json_t *accounts = id ? json_pack("[O]", *ret) : json_incref(json_object_get(*ret, "accounts"));
                status = translate_accounts(call, accounts);
                json_decref(accounts);
                if (status != 0)
                        json_decref(*ret);
        }
        call_free(call);
        return status;
}

int known_fetch(const Settings *settings, json_t **ret_document) {
        return fetch(settings, NULL, ret_document);
}

int known_fetch_account(const Settings *settings, const char *id, json_t **ret_account) {
        return fetch(settings, id, ret_account);
}

void known_print(const json_t *json) {
        json_dumpf(json, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
        putchar('\n');
}

/* ---- joined reports ---- */

/* Of two verdicts: an error before what could not be told. */
static const char *worse_of(const char *a, const char *b) {
        static const char *const order[] = { "ok", "info", "warning", "unknown" };

        for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
                if (!strcmp(a, order[i]))
                        return b;
                if (!strcmp(b, order[i]))
                        return a;
        }
        return a;
}

static void join_finding(json_t *findings, const json_t *finding, size_t shift) {
        json_t *copy = json_deep_copy(finding), *accounts = json_object_get(copy, "accounts"), *number;
        size_t i;

        json_array_foreach(accounts, i, number)
                json_array_set_new(accounts, i, json_integer(json_integer_value(number) + (json_int_t) shift));
        json_array_append_new(findings, copy);
}

void known_join(json_t *document, const json_t *more) {
        json_t *reports = json_object_get(document, "reports"), *findings = json_object_get(document, "findings");
        size_t shift = json_array_size(reports), i;
        json_t *finding;

        json_array_foreach(json_object_get(more, "findings"), i, finding)
                join_finding(findings, finding, shift);
        json_array_extend(reports, json_object_get(more, "reports"));
        json_object_set_new(document, "verdict", json_string(worse_of(report_text(document, "verdict"),
                                                                     report_text(more, "verdict"))));
        json_object_set_new(document, "elapsed-usec", json_integer(report_number(document, "elapsed-usec") +
                                                                   report_number(more, "elapsed-usec")));
}
