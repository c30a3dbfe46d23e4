/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From the list of accounts to servers and identities. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts.h"
#include "servers.h"

#define KEY_SIZE 64u
#define LIST_MAX 1024u                  /* names in a list, each counted once */
#define IDENTITIES_MAX 256u             /* of one account */
#define OUTGOING_MAX (MD_SOURCE_SERVICES_MAX - 1)

/* ---- lists: "account1,account2" ---- */

/* The next key of a list that can be one; false: there is no more. */
static bool next_key(const Pref *list, const char **at, char ret[static KEY_SIZE], const FaultSink *faults) {
        while (**at) {
                const char *begin = *at + strspn(*at, ", ");
                size_t length = strcspn(begin, ", ");
                *at = begin + length;
                if (length > 0 && length < KEY_SIZE) {
                        memcpy(ret, begin, length);
                        ret[length] = '\0';
                        return true;
                }
                if (length > 0)
                        fault_format(faults, list->file, list->line, "%s holds a name that is too long", list->name);
        }
        return false;
}

/* Those that were there already. */
typedef struct Seen {
        size_t n;
        char keys[LIST_MAX][KEY_SIZE];
} Seen;

/* Returns false when it was there, or there are too many. */
static bool is_new(Seen *seen, const char *key) {
        for (size_t i = 0; i < seen->n; i++)
                if (!strcmp(seen->keys[i], key))
                        return false;
        if (seen->n == LIST_MAX)
                return false;
        strcpy(seen->keys[seen->n++], key);
        return true;
}

/* ---- one account ---- */

typedef struct Draft {
        const Prefs *prefs;
        const FaultSink *faults;
        char outgoing[OUTGOING_MAX][KEY_SIZE];  /* keys of those that are there */
        size_t n_services;
        Server servers[MD_SOURCE_SERVICES_MAX];
        MdSourceValue values[2];
        size_t n_values;
} Draft;

static MdSourceValue value_of(MdSourceField field, const Pref *pref) {
        return (MdSourceValue) { .field = field, .text = pref->text, .file = pref->file, .line = pref->line,
                                 .key = pref->name };
}

static const Pref *text_of(const Draft *draft, const char *format, const char *key) {
        return pref_text(prefs_find(draft->prefs, format, key), draft->faults);
}

/* The server that an identity sends with: its own, the default, the first; `key` gets which one. */
static const Pref *find_outgoing(const Draft *draft, const char *identity, char key[static KEY_SIZE]) {
        const Pref *named = text_of(draft, "mail.identity.%s.smtpServer", identity);
        const char *at;

        if (named && !prefs_find(draft->prefs, "mail.smtpserver.%s.hostname", named->text) &&
            !prefs_find(draft->prefs, "mail.smtpserver.%s.type", named->text)) {
                fault_format(draft->faults, named->file, named->line,
                             "%s names server %.60s, which is not there, so Thunderbird takes the default one", named->name,
                             named->text);
                named = NULL;
        }
        if (!named)
                named = pref_text(prefs_find(draft->prefs, "mail.smtp.defaultserver"), draft->faults);
        if (!named)
                named = pref_text(prefs_find(draft->prefs, "mail.smtpservers"), draft->faults);
        at = named ? named->text : "";
        return named && next_key(named, &at, key, draft->faults) ? named : NULL;
}

static bool has_outgoing(const Draft *draft, size_t n, const char *key) {
        for (size_t i = 0; i < n; i++)
                if (!strcmp(draft->outgoing[i], key))
                        return true;
        return false;
}

/* An identity besides the first has an address of its own, which its server is asked to take. */
static void add_outgoing(Draft *draft, const char *identity, const Pref *address, size_t *n_outgoing) {
        char key[KEY_SIZE];
        const Pref *named = find_outgoing(draft, identity, key);

        if (!named || has_outgoing(draft, *n_outgoing, key))
                return;
        if (*n_outgoing == OUTGOING_MAX || draft->n_services == MD_SOURCE_SERVICES_MAX) {
                fault_format(draft->faults, named->file, named->line, "an account has more than %u servers; %s is left out",
                             MD_SOURCE_SERVICES_MAX, key);
                return;
        }
        Server *server = &draft->servers[draft->n_services];
        memcpy(draft->outgoing[(*n_outgoing)++], key, KEY_SIZE);
        if (!server_outgoing(draft->prefs, key, named, draft->faults, server))
                return;
        if (address && *n_outgoing > 1)
                server->values[server->service.n_values++] = value_of(MD_SOURCE_ADDRESS, address);
        draft->n_services++;
}

static void add_identities(Draft *draft, const char *account) {
        const Pref *list = text_of(draft, "mail.account.%s.identities", account);
        size_t n_outgoing = 0, n = 0;
        char identity[KEY_SIZE];

        for (const char *at = list ? list->text : ""; list && next_key(list, &at, identity, draft->faults);) {
                if (n++ == IDENTITIES_MAX) {
                        fault_format(draft->faults, list->file, list->line, "%s names more than %u identities; the others "
                                     "are left out", list->name, IDENTITIES_MAX);
                        return;
                }
                const Pref *address = text_of(draft, "mail.identity.%s.useremail", identity);
                if (address && (draft->n_values == 0 || draft->values[draft->n_values - 1].field != MD_SOURCE_ADDRESS))
                        draft->values[draft->n_values++] = value_of(MD_SOURCE_ADDRESS, address);
                add_outgoing(draft, identity, address, &n_outgoing);
        }
}

static bool hand_out(const Draft *draft, const char *key, const AccountsSink *sink) {
        MdSourceService services[MD_SOURCE_SERVICES_MAX];

        for (size_t i = 0; i < draft->n_services; i++) {
                services[i] = draft->servers[i].service;
                services[i].values = draft->servers[i].values;
        }
        const MdSourceAccount account = {
                .key = key, .values = draft->values, .n_values = draft->n_values, .services = services,
                .n_services = draft->n_services,
        };
        return sink->account(sink->userdata, &account);
}

/* Returns false when the sink takes no more. */
static bool tell_account(const Prefs *prefs, const Pref *list, const char *key, const AccountsSink *sink,
                         const FaultSink *faults) {
        Draft draft = { .prefs = prefs, .faults = faults };
        const Pref *server = text_of(&draft, "mail.account.%s.server", key), *name;

        if (!server) {
                fault_format(faults, list->file, list->line, "%s names %s, which has no server", list->name, key);
                return true;
        }
        if (strlen(server->text) >= KEY_SIZE) {
                fault_format(faults, server->file, server->line, "%s is a name that is too long", server->name);
                return true;
        }
        if (!server_incoming(prefs, server->text, server, faults, &draft.servers[0]))
                return true;
        draft.n_services = 1;
        name = text_of(&draft, "mail.server.%s.name", server->text);
        if (name)
                draft.values[draft.n_values++] = value_of(MD_SOURCE_NAME, name);
        add_identities(&draft, key);
        return hand_out(&draft, key, sink);
}

static void tell_list(const Prefs *prefs, const Pref *list, Seen *seen, const AccountsSink *sink, const FaultSink *faults) {
        const char *at = list->text;
        char key[KEY_SIZE];

        while (next_key(list, &at, key, faults))
                if (seen->n == LIST_MAX || (is_new(seen, key) && !tell_account(prefs, list, key, sink, faults))) {
                        fault_format(faults, list->file, list->line, "%s names more than %u accounts; those from %s on are "
                                     "left out", list->name, seen->n == LIST_MAX ? LIST_MAX : MD_SOURCE_ACCOUNTS_MAX, key);
                        return;
                }
}

int accounts_tell(const Prefs *prefs, const AccountsSink *sink, const FaultSink *faults) {
        const Pref *list = pref_text(prefs_find(prefs, "mail.accountmanager.accounts"), faults);
        Seen *seen = calloc(1, sizeof(*seen));

        if (!seen)
                return -ENOMEM;
        if (list)
                tell_list(prefs, list, seen, sink, faults);
        free(seen);
        return 0;
}
