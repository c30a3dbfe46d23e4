/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The keys of servers.
 *
 * Numbers are those of MailNewsTypes2.idl of comm-central; defaults those of mailnews.js, nsMsgIncomingServer and
 * SmtpServer.  A preference "mail.server.default.KEY" holds for all servers that do not say otherwise.
 */

#include <string.h>

#include "servers.h"

/* ---- preferences of one server ---- */

typedef struct Place {
        const Prefs *prefs;
        const char *branch;             /* "mail.server", "mail.smtpserver" */
        const char *key;                /* of the server */
        const FaultSink *faults;
} Place;

static const Pref *find(const Place *place, const char *name) {
        const Pref *own = prefs_find(place->prefs, "%s.%s.%s", place->branch, place->key, name);
        return own ? own : prefs_find(place->prefs, "%s.default.%s", place->branch, name);
}

/* One of another type is as if it were not there. */
static const Pref *of_type(const Pref *pref, PrefType type, const char *wanted, const FaultSink *faults) {
        if (!pref || pref->type == type)
                return pref;
        fault_format(faults, pref->file, pref->line, "%s is not %s, so Thunderbird takes its default", pref->name, wanted);
        return NULL;
}

const Pref *pref_text(const Pref *pref, const FaultSink *faults) {
        pref = of_type(pref, PREF_TEXT, "a text in quotes", faults);
        return pref && *pref->text ? pref : NULL;
}

static const Pref *find_text(const Place *place, const char *name) {
        return pref_text(find(place, name), place->faults);
}

static const Pref *find_number(const Place *place, const char *name) {
        return of_type(find(place, name), PREF_NUMBER, "a number", place->faults);
}

/* ---- values ---- */

static void put(Server *server, MdSourceField field, const char *text, const Pref *origin) {
        MdSourceValue *value = &server->values[server->service.n_values++];

        *value = (MdSourceValue) { .field = field, .text = text, .assumed = !origin };
        if (origin) {
                value->file = origin->file;
                value->line = origin->line;
                value->key = origin->name;
        }
}

/* How a connection is protected.  1 is "if the server offers it", which Thunderbird turned into 2 with version 44 of its
 * interface. */
static const char *const sockets[] = { "none", "starttls", "starttls", "tls" };

/* Before 3.0 there was only a switch. */
static const Pref *find_socket(const Place *place, const char *name, const char *before, const char **ret_security) {
        const Pref *pref = find_number(place, name), *old;

        if (pref && (pref->number < 0 || pref->number > 3)) {
                fault_format(place->faults, pref->file, pref->line, "%s is no connection security (0 to 3)", pref->name);
                pref = NULL;
        }
        *ret_security = sockets[pref ? pref->number : 0];
        if (pref || !before || !(old = find(place, before)) || old->type != PREF_TRUTH || !old->number)
                return pref;
        *ret_security = "tls";
        return old;
}

typedef struct Method {
        int32_t number;
        const char *mechanisms;         /* NULL: any */
} Method;

static const Method methods[] = {
        { 3, "PLAIN LOGIN" },           /* first, it is the default */
        { 1, NULL },
        { 2, "PLAIN LOGIN" },
        { 4, "CRAM-MD5" },
        { 5, "GSSAPI" },
        { 6, "NTLM" },
        { 7, "EXTERNAL" },
        { 8, "GSSAPI CRAM-MD5 NTLM" },
        { 9, NULL },
        { 10, "XOAUTH2" },
};

#define METHOD_NONE 1

static const Method *method_of(const Place *place, const Pref **ret_origin) {
        const Pref *pref = find_number(place, "authMethod");

        for (size_t i = 0; pref && i < sizeof(methods) / sizeof(methods[0]); i++)
                if (methods[i].number == pref->number) {
                        *ret_origin = pref;
                        return &methods[i];
                }
        if (pref)
                fault_format(place->faults, pref->file, pref->line, "%s is no authentication method (1 to 10)", pref->name);
        *ret_origin = NULL;
        return &methods[0];
}

static void put_login(const Place *place, const char *user_key, Server *server) {
        const Pref *origin, *user = find_text(place, user_key);
        const Method *method = method_of(place, &origin);

        /* Who does not log in may have a name all the same. */
        if (method->number == METHOD_NONE)
                return;
        if (user)
                put(server, MD_SOURCE_USERNAME, user->text, user);
        if (method->mechanisms)
                put(server, MD_SOURCE_AUTH, method->mechanisms, origin);
}

/* ---- ports ---- */

typedef struct Ports {
        const char *type, *protocol;
        const char *plain, *tls;
} Ports;

static const Ports incoming[] = {
        { "imap", "imap", "143", "993" },
        { "pop3", "pop3", "110", "995" },
};

static const Ports outgoing = { "smtp", "smtp", "587", "465" };

/* Returns false for one that no server can have. */
static bool put_port(const Place *place, const Ports *ports, const char *security, Server *server) {
        const Pref *pref = find_number(place, "port");

        if (pref && pref->number > 65535) {
                fault_format(place->faults, pref->file, pref->line, "%s is no port (1 to 65535)", pref->name);
                return false;
        }
        if (pref && pref->number <= 0)  /* "the usual one" */
                pref = NULL;
        put(server, MD_SOURCE_PORT, pref ? pref->text : strcmp(security, "tls") ? ports->plain : ports->tls, pref);
        return true;
}

/* ---- servers ---- */

/* What was renamed in the dialogue of a Thunderbird before 91 stands under another key. */
static const Pref *find_renamed(const Place *place, const char *real, const char *name) {
        const Pref *pref = real ? find_text(place, real) : NULL;
        return pref ? pref : find_text(place, name);
}

static bool fill(const Place *place, const Ports *ports, const Pref *host, const char *security, const Pref *socket,
                 Server *ret) {
        ret->service.protocol = ports->protocol;
        put(ret, MD_SOURCE_HOST, host->text, host);
        if (!put_port(place, ports, security, ret))
                return false;
        put(ret, MD_SOURCE_SECURITY, security, socket);
        return true;
}

static const Ports *ports_of(const char *type) {
        for (size_t i = 0; i < sizeof(incoming) / sizeof(incoming[0]); i++)
                if (!strcmp(incoming[i].type, type))
                        return &incoming[i];
        return NULL;
}

bool server_incoming(const Prefs *prefs, const char *key, const Pref *named, const FaultSink *faults, Server *ret) {
        const Place place = { prefs, "mail.server", key, faults };
        const Pref *type = find_text(&place, "type"), *host, *socket;
        const Ports *ports = type ? ports_of(type->text) : NULL;
        const char *security;

        *ret = (Server) { .service.values = ret->values };
        if (!type)
                fault_format(faults, named->file, named->line, "%s names server %s, which has no type", named->name, key);
        if (!ports)                     /* local folders, news, feeds, chat */
                return false;
        host = find_renamed(&place, "realhostname", "hostname");
        if (!host) {
                fault_format(faults, type->file, type->line, "server %s has no host name", key);
                return false;
        }
        socket = find_socket(&place, "socketType", "isSecure", &security);
        if (!fill(&place, ports, host, security, socket, ret))
                return false;
        put_login(&place, find_text(&place, "realuserName") ? "realuserName" : "userName", ret);
        return true;
}

bool server_outgoing(const Prefs *prefs, const char *key, const Pref *named, const FaultSink *faults, Server *ret) {
        const Place place = { prefs, "mail.smtpserver", key, faults };
        const Pref *type = find_text(&place, "type"), *host = find_text(&place, "hostname"), *socket;
        const char *security;

        *ret = (Server) { .service.values = ret->values };
        if (type && strcmp(type->text, "smtp"))
                return false;
        if (!host) {
                fault_format(faults, named->file, named->line, "%s names server %s, which has no host name", named->name, key);
                return false;
        }
        socket = find_socket(&place, "try_ssl", NULL, &security);
        if (!fill(&place, &outgoing, host, security, socket, ret))
                return false;
        put_login(&place, "username", ret);
        return true;
}
