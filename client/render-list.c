/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Many accounts: how many have a fault, what several of them share, and then the report of each. */

#include <string.h>

#include "complain.h"
#include "i18n.h"
#include "render.h"
#include "report.h"

#define COLUMN 12                       /* where values begin */

static const char *name_of(const json_t *report, size_t i, char *buffer, size_t size) {
        const char *address = report_text(json_object_get(report, "account"), "address");
        if (*address)
                return address;
        snprintf(buffer, size, "#%zu", i + 1);
        return buffer;
}

/* "3 accounts: 1 in order, 2 with a fault." */
static void render_count(Page *page, const json_t *reports) {
        unsigned n[3] = { 0 };
        size_t i;
        json_t *report;

        json_array_foreach((json_t *) reports, i, report) {
                int status = report_status(report);
                n[status == STATUS_FINE ? 0 : status == STATUS_BROKEN ? 1 : 2]++;
        }
        Tone tone = n[1] > 0 ? TONE_BAD : n[2] > 0 ? TONE_WARN : TONE_GOOD;
        page_textf(page, tone, _("%sAccounts: %u; in order: %u; with a fault: %u; not known: %u."),
                   page_mark(page, tone), n[0] + n[1] + n[2], n[0], n[1], n[2]);
}

void render_reports(Page *page, const json_t *document, const Guide *guide) {
        const json_t *reports = json_object_get(document, "reports"), *shared = json_object_get(document, "findings");
        char number[24];
        size_t i;
        json_t *item;

        render_count(page, reports);
        json_array_foreach((json_t *) shared, i, item)
                page_entry(page, 0, TONE_STRONG, i == 0 ? _("To do") : "", COLUMN, report_text(item, "hint"));
        json_array_foreach((json_t *) shared, i, item)
                render_finding(page, item, false, guide);
        json_array_foreach((json_t *) reports, i, item) {
                page_blank(page);
                page_textf(page, TONE_STRONG, "── %s ──", name_of(item, i, number, sizeof(number)));
                render_report(page, item, guide);
        }
}
