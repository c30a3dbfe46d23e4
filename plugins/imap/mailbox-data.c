/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the answers about server and mailbox hold: ID, NAMESPACE, LIST, EXISTS, QUOTA.  Answers of
 * another shape than expected are passed over: they tell nothing, and break nothing. */

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "imap.h"

#define ID_PAIRS_MAX 30u                /* RFC 2971 section 3.3 */

static const ImapValue *value_at(const ImapResponse *response, size_t i) {
        return i < response->n_values ? &response->values[i] : NULL;
}

static bool is_text(const ImapValue *value) {
        return value && value->text && !imap_value_is_nil(value);
}

static bool print(char **ret, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One more text for a list that ends with NULL, whether there is memory for it or not. */
static bool print(char **ret, const char *format, ...) {
        va_list args;

        va_start(args, format);
        int n = vasprintf(ret, format, args);
        va_end(args);
        if (n < 0)
                *ret = NULL;
        return n >= 0;
}

/* ---- ID (RFC 2971): pairs of field and value ---- */

int imap_take_id(MdProbe *probe, ImapState *imap) {
        const ImapResponse *response = &imap->response;
        char *pairs[ID_PAIRS_MAX + 1] = { NULL };
        size_t n = 0;

        for (size_t i = 1; i + 1 < response->n_values && n < ID_PAIRS_MAX; i += 2) {
                const ImapValue *field = &response->values[i], *value = &response->values[i + 1];
                if (!is_text(field) || !is_text(value))
                        continue;
                n += print(&pairs[n], "%s=%s", field->text, value->text);
                if (!strcasecmp(field->text, "name"))
                        md_fact(probe, "server-software", value->text);
                else if (!strcasecmp(field->text, "version"))
                        md_fact(probe, "server-version", value->text);
        }

        if (n > 0)
                md_observe(probe, "fact", MD_TEXT("name", "server-id"),
                           MD_LIST("value", (const char *const *) pairs));
        for (size_t i = 0; i < n; i++)
                free(pairs[i]);
        return 0;
}

/* ---- NAMESPACE (RFC 2342): lists of (prefix delimiter) for personal, other users' and shared ---- */

int imap_take_namespace(MdProbe *probe, ImapState *imap) {
        const ImapResponse *response = &imap->response;
        const ImapValue *prefix = value_at(response, 2), *delimiter = value_at(response, 3);

        if (!prefix || prefix->depth != 2 || !is_text(prefix))
                return 0;
        if (prefix->size > 0)
                md_fact(probe, "namespace-prefix", prefix->text);
        if (is_text(delimiter))
                md_fact(probe, "hierarchy-delimiter", delimiter->text);
        return 0;
}

/* ---- LIST: (attributes) delimiter name ---- */

static const char *special_use(const ImapResponse *response) {
        /* RFC 6154, RFC 8457 */
        static const char *const uses[] = {
                "\\All", "\\Archive", "\\Drafts", "\\Flagged", "\\Important", "\\Junk", "\\Sent", "\\Trash",
        };

        for (size_t i = 1; i < response->n_values && response->values[i].depth > 0; i++)
                for (size_t use = 0; use < sizeof(uses) / sizeof(uses[0]); use++)
                        if (response->values[i].text && !strcasecmp(response->values[i].text, uses[use]))
                                return uses[use];
        return NULL;
}

int imap_take_folder(MdProbe *probe, ImapState *imap) {
        const ImapResponse *response = &imap->response;
        ImapMailbox *mailbox = &imap->mailbox;

        const ImapValue *attributes = value_at(response, 0);
        if (!attributes || attributes->type != IMAP_LIST)
                return 0;
        const ImapValue *name = value_at(response, imap_value_next(response, 0) + 1);
        if (!name || !name->text)
                return 0;

        mailbox->n_folders++;
        const char *use = special_use(response);
        if (use && mailbox->n_special < IMAP_SPECIAL_MAX)
                mailbox->n_special += print(&mailbox->special[mailbox->n_special], "%s=%s", use, name->text);
        return 0;
}

/* ---- EXISTS ---- */

int imap_take_exists(MdProbe *probe, ImapState *imap) {
        md_fact_number(probe, "messages", imap->response.number);
        return 0;
}

/* ---- QUOTA (RFC 9208): root (resource usage limit …) ---- */

static void take_resource(ImapMailbox *mailbox, const char *name, uint64_t usage, uint64_t limit) {
        if (limit == 0)         /* some servers mean "no limit" */
                return;

        uint64_t percent = usage >= limit ? 100 : (uint64_t) ((double) usage * 100 / (double) limit);
        if (mailbox->n_quotas == IMAP_QUOTAS_MAX ||
            !print(&mailbox->quotas[mailbox->n_quotas], "%s %" PRIu64 "/%" PRIu64, name, usage, limit))
                return;
        if (percent > mailbox->percent) {
                mailbox->percent = percent;
                mailbox->fullest = mailbox->n_quotas;
        }
        mailbox->n_quotas++;
}

int imap_take_quota(MdProbe *probe, ImapState *imap) {
        const ImapResponse *response = &imap->response;

        for (size_t i = 2; i + 2 < response->n_values; i += 3) {
                const ImapValue *name = &response->values[i];
                uint64_t usage, limit;
                if (name->depth != 1 || !name->text || !imap_value_number(&response->values[i + 1], &usage) ||
                    !imap_value_number(&response->values[i + 2], &limit))
                        break;
                take_resource(&imap->mailbox, name->text, usage, limit);
        }
        return 0;
}
