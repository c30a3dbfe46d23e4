/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What a discovery plugin is asked, and what it hands out.
 *
 * Values come from strangers: whatever could not be a setting is left out here, so that no plugin has to think of it and
 * nothing behind has to expect it.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <maildiag/discovery.h>

#include "probe-state.h"
#include "text.h"

#define TEXT_MAX 512u
#define USERNAME_MAX 320u               /* as long as an address can be: RFC 5321 section 4.5.3.1 */
#define AUTH_MAX 8u

/* ---- what is asked ---- */

const char *md_probe_local_part(const MdProbe *probe) {
        return probe->target->local_part;
}

const char *md_probe_domain(const MdProbe *probe) {
        return probe->host;
}

const char *md_probe_domain_text(const MdProbe *probe) {
        return probe->domain_text;
}

static const char *const *list_or_none(char **list) {
        static const char *const none[] = { NULL };
        return list ? (const char *const *) list : none;
}

const char *const *md_probe_mx(const MdProbe *probe) {
        return list_or_none(probe->target->mx);
}

const char *const *md_probe_hosts(const MdProbe *probe) {
        return list_or_none(probe->target->hosts);
}

const char *md_probe_data_dir(const MdProbe *probe) {
        return probe->target->data_dir ? probe->target->data_dir : "";
}

bool md_host_is_within(const char *host, const char *domain) {
        size_t length = strlen(host), size = strlen(domain);

        if (length < size || !md_word_equal(host + length - size, domain))
                return false;
        return length == size || host[length - size - 1] == '.';
}

static bool is_literal(const char *host) {
        unsigned char bytes[sizeof(struct in6_addr)];
        return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

char *md_host_name(const char *text) {
        char *name;

        if (is_literal(text) || md_idna_to_ascii(text, &name) < 0)
                return NULL;
        size_t length = strlen(name);
        if (name[length - 1] == '.')
                name[length - 1] = '\0';
        for (char *c = name; *c; c++)
                *c = *c >= 'A' && *c <= 'Z' ? (char) (*c - 'A' + 'a') : *c;
        return name;
}

/* ---- time ---- */

uint32_t md_probe_left_ms(const MdProbe *probe) {
        uint64_t now = md_now();
        return now < probe->step_deadline ? (uint32_t) ((probe->step_deadline - now) / MD_MSEC) : 0;
}

int md_poll(MdProbe *probe, struct pollfd *fds, size_t n_fds, uint32_t max_ms) {
        uint64_t until = md_now() + max_ms * MD_MSEC;
        int r = md_wait_many(probe, fds, n_fds, until < probe->step_deadline ? until : probe->step_deadline);

        return r == -ETIMEDOUT && md_now() < probe->step_deadline ? 0 : r;
}

/* ---- what can be a setting ---- */

static const char *const assurances[] = {
        [MD_ASSURANCE_NONE] = "insecure",
        [MD_ASSURANCE_TABLE] = "table",
        [MD_ASSURANCE_HTTPS] = "https",
        [MD_ASSURANCE_DNSSEC] = "dnssec",
};

static const char *const forms[] = {
        [MD_USERNAME_UNKNOWN] = "unknown",
        [MD_USERNAME_ADDRESS] = "address",
        [MD_USERNAME_LOCAL_PART] = "local-part",
        [MD_USERNAME_OTHER] = "other",
};

static bool is_word(const char *text) {
        size_t length = text ? strlen(text) : 0;
        return length > 0 && length <= MD_RECORD_KEY_MAX &&
               strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

/* "2025", "2025-03" or "2025-03-01". */
static bool is_date(const char *text) {
        static const char form[] = "0000-00-00";
        size_t length = strlen(text);

        if (length != 4 && length != 7 && length != 10)
                return false;
        for (size_t i = 0; i < length; i++)
                if (form[i] == '0' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
                        return false;
        return true;
}

static bool is_text(const char *text, size_t max) {
        size_t length = strnlen(text, max + 1);
        return length > 0 && length <= max && md_text_is_clean(text, length);
}

static bool is_page(const char *url) {
        return !strncmp(url, "https://", 8) && is_text(url, TEXT_MAX) && !strpbrk(url, " \"<>");
}

static const char *date_or_none(const char *text) {
        return text && is_date(text) ? text : NULL;
}

/* The faulty part of a candidate; NULL: there is none. */
static const char *find_fault(const MdCandidate *candidate, const char *host, const char **ret_value) {
        static _Thread_local char port[16];

        snprintf(port, sizeof(port), "%u", candidate->port);
        const struct {
                const char *part, *value;
                bool good;
        } parts[] = {
                { "protocol", candidate->protocol, is_word(candidate->protocol) },
                { "host", candidate->host, host && strchr(host, '.') },
                { "port", port, candidate->port > 0 && candidate->port <= UINT16_MAX },
                { "security", NULL, candidate->security <= MD_SECURITY_TLS },
                { "username", candidate->username, !candidate->username || is_text(candidate->username, USERNAME_MAX) },
                { "date", candidate->asof, !candidate->asof || is_date(candidate->asof) },
                { "date", candidate->until, !candidate->until || is_date(candidate->until) },
        };
        for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
                if (!parts[i].good) {
                        *ret_value = parts[i].value ? parts[i].value : "";
                        return parts[i].part;
                }
        return NULL;
}

/* ---- candidates ---- */

static MdUsernameForm form_of(const MdProbe *probe, const char *username) {
        const MdTarget *target = probe->target;

        if (!strcmp(username, target->address))
                return MD_USERNAME_ADDRESS;
        return strcmp(username, target->local_part) ? MD_USERNAME_OTHER : MD_USERNAME_LOCAL_PART;
}

static const char *username_of(const MdProbe *probe, MdUsernameForm form) {
        if (form == MD_USERNAME_ADDRESS)
                return probe->target->address;
        return form == MD_USERNAME_LOCAL_PART ? probe->target->local_part : NULL;
}

/* Those of the words that are some. */
static void take_words(const char *const *words, const char *ret[static AUTH_MAX + 1]) {
        size_t n = 0;
        for (; words && *words && n < AUTH_MAX; words++)
                if (is_word(*words))
                        ret[n++] = *words;
        ret[n] = NULL;
}

static void hand_out(MdProbe *probe, const MdCandidate *candidate, const char *host) {
        const char *auth[AUTH_MAX + 1];
        const char *username = candidate->username;
        MdUsernameForm form = candidate->username_form;

        if (username)
                form = form_of(probe, username);
        else
                username = username_of(probe, form);
        take_words(candidate->auth, auth);
        md_observe(probe, "candidate",
                   MD_TEXT("protocol", candidate->protocol),
                   MD_TEXT("host", host),
                   MD_NUMBER("port", candidate->port),
                   MD_TEXT("security", md_security_to_string(candidate->security)),
                   MD_TEXT("username-form", forms[form]),
                   MD_TEXT("username", username),
                   MD_LIST("auth", auth[0] ? auth : NULL),
                   MD_TEXT("origin", candidate->origin ? candidate->origin : probe->plugin->name),
                   MD_TEXT("trust", assurances[candidate->assurance]),
                   MD_TEXT("asof", candidate->asof),
                   MD_TEXT("until", candidate->until),
                   MD_NUMBER("priority", candidate->priority),
                   MD_TRUTH("disputed", candidate->disputed),
                   MD_TRUTH("foreign", !md_host_is_within(host, probe->host)));
        probe->n_candidates++;
}

static bool refuse(MdProbe *probe, const MdCandidate *candidate, const char *part, const char *value) {
        md_find(probe, "autoconf.bad-value", value,
                MD_TEXT("part", part),
                MD_TEXT("found", value),
                MD_TEXT("origin", candidate->origin ? candidate->origin : probe->plugin->name));
        return false;
}

bool md_candidate(MdProbe *probe, const MdCandidate *candidate) {
        const char *value;

        if (probe->n_candidates == MD_CANDIDATES_MAX) {
                md_find(probe, "autoconf.too-many", NULL,
                        MD_TEXT("origin", candidate->origin ? candidate->origin : probe->plugin->name),
                        MD_NUMBER("most", MD_CANDIDATES_MAX));
                return false;
        }
        char *host = candidate->host ? md_host_name(candidate->host) : NULL;
        const char *fault = find_fault(candidate, host, &value);
        if (fault)
                refuse(probe, candidate, fault, value);
        else
                hand_out(probe, candidate, host);
        free(host);
        return !fault;
}

void md_source(MdProbe *probe, const char *origin, MdSourceOutcome outcome, MdAssurance assurance, const char *detail) {
        static const char *const outcomes[] = {
                [MD_SOURCE_FOUND] = "found", [MD_SOURCE_NOTHING] = "nothing", [MD_SOURCE_FAILED] = "failed",
        };
        md_observe(probe, "source", MD_TEXT("origin", origin), MD_TEXT("outcome", outcomes[outcome]),
                   MD_TEXT("trust", assurances[assurance]), MD_TEXT("detail", detail && *detail ? detail : NULL));
}

/* ---- what a table knows besides ---- */

void md_provider(MdProbe *probe, const char *id, const char *name, const char *by, const char *evidence) {
        if (is_word(id) && is_text(name, TEXT_MAX))
                md_observe(probe, "provider", MD_TEXT("id", id), MD_TEXT("name", name), MD_TEXT("by", by),
                           MD_TEXT("evidence", evidence));
}

void md_precondition(MdProbe *probe, const MdPrecondition *precondition) {
        static const char *const kinds[_MD_PRECONDITION_KIND_MAX] = {
                [MD_PRECONDITION_APP_PASSWORD] = "app-password",
                [MD_PRECONDITION_SERVICE_OFF] = "service-off",
                [MD_PRECONDITION_OAUTH_ONLY] = "oauth-only",
                [MD_PRECONDITION_BRIDGE] = "bridge",
                [MD_PRECONDITION_PAID] = "paid",
                [MD_PRECONDITION_UNSUPPORTED] = "unsupported",
                [MD_PRECONDITION_OTHER] = "other",
        };
        md_observe(probe, "precondition",
                   MD_TEXT("kind", kinds[precondition->kind]),
                   MD_TEXT("protocol", is_word(precondition->protocol) ? precondition->protocol : NULL),
                   MD_TEXT("text", precondition->text),
                   MD_TEXT("url", precondition->url && is_page(precondition->url) ? precondition->url : NULL),
                   MD_TEXT("since", date_or_none(precondition->since)),
                   MD_TEXT("checked", date_or_none(precondition->checked)),
                   MD_TEXT("origin", precondition->origin));
}

void md_resembles(MdProbe *probe, const char *setting, const char *value, const char *known, unsigned distance) {
        md_observe(probe, "resembles", MD_TEXT("setting", setting), MD_TEXT("value", value), MD_TEXT("known", known),
                   MD_NUMBER("distance", distance));
}
