/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A block of the table, handed out for one address. */

#include <stdio.h>
#include <string.h>

#include "fill.h"
#include "provider.h"

#define HOST_SIZE 256u
#define USERNAME_SIZE 321u              /* as long as an address can be: RFC 5321 section 4.5.3.1 */
#define ORIGIN_SIZE 400u
#define AUTH_MAX 8u

/* "provider table: ispdb, deltachat" */
static void write_origin(const TableBlock *block, const TableNames *own, unsigned marks,
                         char origin[static ORIGIN_SIZE]) {
        const TableNames *words = lookup_source(block, own);
        size_t used = (size_t) snprintf(origin, ORIGIN_SIZE, "%s%s", block->layer == 0 ? "provider table" : block->file,
                                        marks & TABLE_DISPUTED ? " (disputed)" : "");

        for (size_t i = 0; i < words->n && used < ORIGIN_SIZE; i++)
                used += (size_t) snprintf(origin + used, ORIGIN_SIZE - used, "%s%s", i == 0 ? ": " : ", ", words->at[i]);
}

/* ---- services ---- */

/* What a bridge offers is on this computer, no setting that a provider publishes: its precondition tells of it. */
static bool is_local(const char *host) {
        return !strcmp(host, "127.0.0.1") || !strcmp(host, "localhost");
}

static void list_auth(const TableNames *names, const char *ret[static AUTH_MAX + 1]) {
        size_t n = 0;

        for (; n < names->n && n < AUTH_MAX; n++)
                ret[n] = names->at[n];
        ret[n] = NULL;
}

static void tell_service(MdProbe *probe, const Table *table, const TableBlock *block, const TableService *service,
                         uint32_t priority) {
        const char *address = md_probe_address(probe), *form = lookup_username(block, service), *auth[AUTH_MAX + 1];
        char host[HOST_SIZE], username[USERNAME_SIZE], origin[ORIGIN_SIZE], plain[HOST_SIZE + 4];

        /* Hosts are made from the domain as it travels. */
        snprintf(plain, sizeof(plain), "x@%s", md_probe_domain(probe));
        if (fill_placeholders(service->host, plain, host, sizeof(host)) < 0 || is_local(host))
                return;
        if (!form || fill_placeholders(form, address, username, sizeof(username)) < 0)
                form = NULL;
        write_origin(block, &service->source, service->marks, origin);
        list_auth(lookup_auth(block, service), auth);
        md_candidate(probe, &(MdCandidate) {
                .protocol = service->protocol,
                .host = host,
                .port = service->port,
                .security = service->security,
                .username = form ? username : NULL,
                .auth = auth[0] ? auth : NULL,
                .origin = origin,
                .assurance = MD_ASSURANCE_TABLE,
                .asof = lookup_date(table, block, service),
                .until = service->until,
                .priority = priority,
        });
}

/* In the order of the block, and what is disputed behind all that is not. */
void tell_services(MdProbe *probe, const Table *table, const TableBlock *block) {
        uint32_t priority = 0;

        for (unsigned disputed = 0; disputed <= TABLE_DISPUTED; disputed += TABLE_DISPUTED)
                for (size_t i = 0; i < block->n_services; i++) {
                        const TableService *service = &block->services[i];
                        if ((service->marks & TABLE_DISPUTED) == disputed &&
                            lookup_is_for(&service->only, md_probe_domain(probe)))
                                tell_service(probe, table, block, service, priority++);
                }
}

/* ---- preconditions ---- */

static const struct {
        const char *word;
        MdPreconditionKind kind;
        const char *text;               /* where the kind does not say it */
} kinds[] = {
        { "app-password", MD_PRECONDITION_APP_PASSWORD, NULL },
        { "service-off", MD_PRECONDITION_SERVICE_OFF, NULL },
        { "oauth-only", MD_PRECONDITION_OAUTH_ONLY, NULL },
        { "bridge", MD_PRECONDITION_BRIDGE, NULL },
        { "paid", MD_PRECONDITION_PAID, NULL },
        { "unsupported", MD_PRECONDITION_UNSUPPORTED, NULL },
        { "own-network", MD_PRECONDITION_OTHER, N_("The server takes mail only from the network of the provider.") },
        { "identify", MD_PRECONDITION_OTHER, N_("The app has to tell its name (IMAP ID), or the mailbox stays closed.") },
};

static void tell_precondition(MdProbe *probe, const TableBlock *block, const TablePrecondition *condition) {
        char origin[ORIGIN_SIZE];
        size_t i = 0;

        while (strcmp(kinds[i].word, condition->kind))          /* the table takes no others */
                i++;
        write_origin(block, &condition->source, 0, origin);
        MdPrecondition told = {
                .kind = kinds[i].kind,
                .text = condition->note ? condition->note : kinds[i].text,
                .url = condition->page,
                .since = condition->since,
                .checked = condition->date,
                .origin = origin,
        };
        if (condition->protocols.n == 0)
                md_precondition(probe, &told);
        for (size_t k = 0; k < condition->protocols.n; k++) {
                told.protocol = condition->protocols.at[k];
                md_precondition(probe, &told);
        }
}

void tell_preconditions(MdProbe *probe, const TableBlock *block) {
        for (size_t i = 0; i < block->n_preconditions; i++)
                if (lookup_is_for(&block->preconditions[i].only, md_probe_domain(probe)))
                        tell_precondition(probe, block, &block->preconditions[i]);
}
