/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Accounts that the daemon knows: how they are, what they say, and where it stands. */

#include <stdlib.h>
#include <string.h>

#include "ago.h"
#include "i18n.h"
#include "render-account.h"
#include "render.h"
#include "report.h"
#include "words.h"

#define COLUMN 20                       /* where values begin */
#define NAME_MAX_COLUMNS 40u

const char *account_name(const json_t *account) {
        const char *name = report_text(account, "name");
        return *name ? name : report_text(account, "id");
}

/* ---- all of them ---- */

void render_faults(Page *page, const json_t *faults) {
        size_t i;
        json_t *fault;

        json_array_foreach((json_t *) faults, i, fault) {
                int line = (int) report_number(fault, "line");
                if (line > 0)
                        page_entryf(page, 0, TONE_WARN, _("Not read"), COLUMN, "%s:%d: %s", report_text(fault, "file"), line,
                                    report_text(fault, "text"));
                else
                        page_entryf(page, 0, TONE_WARN, _("Not read"), COLUMN, "%s: %s", report_text(fault, "file"),
                                    report_text(fault, "text"));
        }
}

void render_summary(Page *page, const json_t *document) {
        const json_t *accounts = json_object_get(document, "accounts");
        uint64_t last = (uint64_t) report_number(document, "last-check-usec");
        Tone tone = status_tone(report_text(document, "status"));

        if (json_array_size(accounts) == 0) {
                page_text(page, TONE_PLAIN, _("The daemon knows no account."));
                return;
        }
        page_textf(page, tone, _("%sAccounts: %u; broken: %u. Last check: %s; next: %s."), page_mark(page, tone),
                   (unsigned) json_array_size(accounts), (unsigned) report_number(document, "accounts-broken"),
                   ago_format(last, ago_now()).text,
                   ago_format((uint64_t) report_number(document, "next-check-usec"), ago_now()).text);
        const char *network = network_text(report_text(document, "network"));
        if (network)
                page_text(page, TONE_WARN, network);
}

static void render_line(Page *page, const json_t *account, uint64_t now) {
        const char *status = report_text(account, "status"), *summary = report_text(account, "summary");
        uint64_t since = (uint64_t) report_number(account, "status-since-usec");
        char head[128];
        Tone tone = status_tone(status);

        snprintf(head, sizeof(head), "%s%.80s", page_mark(page, tone), report_text(account, "id"));
        if (since == 0)
                page_entryf(page, 0, tone, head, COLUMN, _("%s: not checked yet"), account_name(account));
        else
                page_entryf(page, 0, tone, head, COLUMN, _("%s: %s, since %s%s%s"), account_name(account),
                            status_text(status), ago_format(since, now).text, *summary ? ". " : "", summary);
}

void render_status(Page *page, const json_t *accounts) {
        uint64_t now = ago_now();
        size_t i;
        json_t *account;

        json_array_foreach((json_t *) accounts, i, account)
                render_line(page, account, now);
}

void render_accounts(Page *page, const json_t *accounts) {
        uint64_t now = ago_now();
        char row[256];
        size_t i;
        json_t *account;

        json_array_foreach((json_t *) accounts, i, account) {
                const char *status = report_text(account, "status");
                snprintf(row, sizeof(row), "%-10.20s %-12.20s %-16.30s %.120s", status_text(status),
                         report_text(account, "source"),
                         ago_format((uint64_t) report_number(account, "last-check-usec"), now).text,
                         account_name(account));
                page_row(page, 0, status_tone(status), report_text(account, "id"), COLUMN, row);
        }
}

/* ---- one ---- */

static void render_value(Page *page, const json_t *service, const json_t *origin) {
        const char *setting = report_text(origin, "setting");
        const json_t *value = json_object_get(service, setting);
        char *words = json_is_array(value) ? report_join(value, " ") : NULL, number[24] = "", place[512];

        if (json_is_integer(value))
                snprintf(number, sizeof(number), "%d", (int) json_integer_value(value));
        if (json_is_boolean(value))
                snprintf(number, sizeof(number), "%s", json_is_true(value) ? "yes" : "no");
        const char *text = words ?: *number ? number : json_string_value(value) ?: "";
        if (json_is_true(json_object_get(origin, "assumed")))
                snprintf(place, sizeof(place), _("assumed"));
        else
                snprintf(place, sizeof(place), "%.200s:%d: %.60s", report_text(origin, "file"),
                         (int) report_number(origin, "line"), report_text(origin, "key"));
        page_entryf(page, 2, TONE_PLAIN, setting, COLUMN, "%s  (%s)", words ?: text, place);
        free(words);
}

static void render_service_settings(Page *page, const json_t *service) {
        size_t i;
        json_t *origin;

        page_blank(page);
        page_text(page, TONE_STRONG, protocol_label(report_text(service, "protocol")).text);
        json_array_foreach(json_object_get(service, "origins"), i, origin)
                render_value(page, service, origin);
        if (strncmp(report_text(service, "secret"), "credential:", 11))
                page_entry(page, 2, TONE_FAINT, "", COLUMN, _("Checked without a login."));
}

static void render_text(Page *page, const char *label, const char *text) {
        if (*text)
                page_entry(page, 0, TONE_PLAIN, label, COLUMN, text);
}

static void render_state(Page *page, const json_t *account) {
        const char *status = report_text(account, "status");
        uint64_t now = ago_now(), since = (uint64_t) report_number(account, "status-since-usec");
        uint64_t muted = (uint64_t) report_number(account, "muted-until-usec");

        if (since > 0)
                page_entryf(page, 0, status_tone(status), _("Status"), COLUMN, _("%s, since %s"), status_text(status),
                            ago_format(since, now).text);
        else
                page_entry(page, 0, status_tone(status), _("Status"), COLUMN, status_text(status));
        page_entry(page, 0, TONE_PLAIN, _("Last check"), COLUMN,
                   ago_format((uint64_t) report_number(account, "last-check-usec"), now).text);
        if (muted > now)
                page_entryf(page, 0, TONE_PLAIN, _("Muted"), COLUMN, _("it is told of again %s"),
                            ago_format(muted, now).text);
}

void render_account(Page *page, const json_t *account) {
        char *files = report_join(json_object_get(account, "files"), ", ");
        size_t i;
        json_t *item;

        page_textf(page, TONE_STRONG, "%s", account_name(account));
        render_text(page, _("Id"), report_text(account, "id"));
        render_text(page, _("Address"), report_text(account, "address"));
        page_entryf(page, 0, TONE_PLAIN, _("From"), COLUMN, "%s%s%s", report_text(account, "source"),
                    files && *files ? ", " : "", files ?: "");
        render_state(page, account);
        render_text(page, _("Summary"), report_text(account, "summary"));
        json_array_foreach(json_object_get(account, "services"), i, item)
                render_service_settings(page, item);
        json_array_foreach(json_object_get(account, "findings"), i, item)
                render_finding(page, item, *report_text(item, "cause"), NULL);
        free(files);
}
