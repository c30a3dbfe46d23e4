/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The source of Postfix's relay host (postconf(5), relayhost): one account to send with, where all mail of this computer
 * goes through one server.
 *
 * Of main.cf only that is read which concerns it.  Its passwords stand in a map of their own, which is not read.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "form.h"
#include "own.h"
#include "source.h"
#include "trusted-file.h"

#define PROGRAM "postfix"
#define FILE_MAX (256u * 1024u)
#define TEXT_MAX 2000u                  /* bytes of a value that counts */
#define DEPTH_MAX 8u                    /* of parameters in values of parameters */

typedef struct Parameter {
        char *name, *value;
        unsigned line;
} Parameter;

typedef struct Reader {
        size_t n;
        Parameter *parameters;
} Reader;

/* ---- main.cf ---- */

static void reader_done(Reader *reader) {
        for (size_t i = 0; i < reader->n; i++) {
                free(reader->parameters[i].name);
                free(reader->parameters[i].value);
        }
        free(reader->parameters);
}

/* The last one counts. */
static const Parameter *find(const Reader *reader, const char *name) {
        for (size_t i = reader->n; i > 0; i--)
                if (!strcmp(reader->parameters[i - 1].name, name))
                        return &reader->parameters[i - 1];
        return NULL;
}

static size_t trimmed(const char **text, size_t length) {
        while (length > 0 && strchr(" \t\r", **text)) {
                (*text)++;
                length--;
        }
        while (length > 0 && strchr(" \t\r", (*text)[length - 1]))
                length--;
        return length;
}

/* A logical line goes on where a line begins with a space. */
static int go_on(Reader *reader, const char *text, size_t length) {
        Parameter *last = reader->n > 0 ? &reader->parameters[reader->n - 1] : NULL;
        char *longer;

        if (!last || strlen(last->value) + length > TEXT_MAX)
                return 0;
        if (asprintf(&longer, "%s%s%.*s", last->value, *last->value ? " " : "", (int) length, text) < 0)
                return -ENOMEM;
        free(last->value);
        last->value = longer;
        return 0;
}

static int begin(Reader *reader, const char *text, size_t length, unsigned line) {
        const char *equals = memchr(text, '=', length), *value = equals ? equals + 1 : NULL;

        if (!equals)
                return 0;
        Parameter *larger = reallocarray(reader->parameters, reader->n + 1, sizeof(Parameter));
        if (!larger)
                return -ENOMEM;
        reader->parameters = larger;
        size_t name_length = trimmed(&text, (size_t) (equals - text));
        size_t value_length = trimmed(&value, length - (size_t) (value - text));
        Parameter parameter = { strndup(text, name_length),
                                strndup(value, value_length > TEXT_MAX ? TEXT_MAX : value_length), line };
        larger[reader->n++] = parameter;
        return parameter.name && parameter.value ? 0 : -ENOMEM;
}

static int take_line(Reader *reader, const char *text, size_t length, unsigned line) {
        bool continues = length > 0 && (*text == ' ' || *text == '\t');
        size_t left = trimmed(&text, length);

        if (left == 0 || *text == '#' || memchr(text, '\0', left))
                return 0;
        return continues ? go_on(reader, text, left) : begin(reader, text, left, line);
}

static int take_lines(Reader *reader, const char *text, size_t size) {
        unsigned line = 1;
        int r = 0;

        for (size_t at = 0; r >= 0 && at < size; line++) {
                const char *end = memchr(text + at, '\n', size - at);
                size_t length = end ? (size_t) (end - text) - at : size - at;
                r = take_line(reader, text + at, length, line);
                at += length + 1;
        }
        return r;
}

/* ---- $name ---- */

/* Length of "$name", "${name}" or "$(name)"; 0: it is none, or one with a condition. */
static size_t reference(const char *text, char *name, size_t size) {
        static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
        char close = text[1] == '{' ? '}' : text[1] == '(' ? ')' : '\0';
        const char *begin = text + (close ? 2 : 1);
        size_t length = strspn(begin, allowed);

        if (length == 0 || length >= size || (close && begin[length] != close))
                return 0;
        memcpy(name, begin, length);
        name[length] = '\0';
        return length + (close ? 3 : 1);
}

/* A value with what its parameters stand for.  NULL: out of memory, or a value that stands in no file. */
static char *expand(const Reader *reader, const char *value, unsigned depth) {
        char *expanded = NULL, name[64];
        bool known = depth <= DEPTH_MAX;
        size_t size;
        FILE *stream = open_memstream(&expanded, &size);

        if (!stream)
                return NULL;
        while (known && *value) {
                size_t length = *value == '$' ? reference(value, name, sizeof(name)) : 0;
                if (*value != '$') {
                        fputc(*value++, stream);
                        continue;
                }
                const Parameter *parameter = length > 0 ? find(reader, name) : NULL;
                _cleanup_free_ char *inner = parameter ? expand(reader, parameter->value, depth + 1) : NULL;
                known = inner && ftell(stream) < (long) TEXT_MAX;
                if (known)
                        fputs(inner, stream);
                value += length;
        }
        fclose(stream);
        if (!known)
                free(TAKE_PTR(expanded));
        return expanded;
}

/* ---- the relay host ---- */

typedef struct Relay {
        char host[256];
        char port[16];                  /* "": the default */
} Relay;

static const char *port_of_name(const char *name) {
        static const struct {
                const char *name, *port;
        } services[] = {
                { "smtp", "25" }, { "submission", "587" }, { "submissions", "465" }, { "smtps", "465" },
        };
        for (size_t i = 0; i < ELEMENTS(services); i++)
                if (!strcmp(services[i].name, name))
                        return services[i].port;
        return strspn(name, "0123456789") == strlen(name) && atoi(name) > 0 && atoi(name) < 65536 ? name : NULL;
}

/* "[HOST]:PORT", "HOST:PORT" and the like; of several the first. */
static bool parse_relay(char *text, Relay *ret) {
        char *host = text + strspn(text, " ,"), *port = NULL, *end;

        *ret = (Relay) { 0 };
        host[strcspn(host, " ,")] = '\0';
        if (*host == '[' && (end = strchr(++host, ']'))) {
                *end++ = '\0';
                port = *end == ':' ? end + 1 : NULL;
        } else if ((end = strchr(host, ':'))) {
                *end = '\0';
                port = end + 1;
        }
        if (!strncmp(host, "IPv6:", 5))
                host += 5;
        const char *number = port ? port_of_name(port) : NULL;
        if (strlen(host) >= sizeof(ret->host) || form_fault_host(host) || (port && !number))
                return false;
        snprintf(ret->host, sizeof(ret->host), "%s", host);
        snprintf(ret->port, sizeof(ret->port), "%s", number ? number : "");
        return true;
}

static bool is_yes(const Reader *reader, const char *name) {
        const Parameter *parameter = find(reader, name);
        return parameter && !strcasecmp(parameter->value, "yes");
}

/* What decides whether the connection is encrypted, and how. */
static const char *security_of(const Reader *reader, bool login, const Parameter **ret_from) {
        static const char *const must[] = { "encrypt", "dane", "dane-only", "fingerprint", "verify", "secure" };
        const Parameter *level = find(reader, "smtp_tls_security_level");

        *ret_from = find(reader, "smtp_tls_wrappermode");
        if (is_yes(reader, "smtp_tls_wrappermode"))
                return "tls";
        *ret_from = level;
        for (size_t i = 0; level && i < ELEMENTS(must); i++)
                if (!strcmp(level->value, must[i]))
                        return "starttls";
        /* TLS where it is offered; who logs in there relies on it. */
        return level && !strcmp(level->value, "may") && login ? "starttls" : "none";
}

static Origin origin_of(const Parameter *parameter) {
        return parameter ? (Origin) { .line = parameter->line, .key = parameter->name } : (Origin) { .assumed = true };
}

static int fill(const Reader *reader, const Parameter *relayhost, const Relay *relay, Account *account) {
        const Parameter *maps = find(reader, "smtp_sasl_password_maps"), *from;
        const Origin origin = origin_of(relayhost);
        bool login = is_yes(reader, "smtp_sasl_auth_enable") && maps && *maps->value;
        const char *security = security_of(reader, login, &from);
        const Origin security_origin = origin_of(from), maps_origin = origin_of(maps);
        AccountService *service;

        int r = account_add_service(account, "smtp", &service);
        if (r >= 0)
                r = account_value_set(&account->name, "Postfix relay", &(Origin) { .assumed = true });
        if (r >= 0)
                r = account_value_set(&service->values[SERVICE_FIELD_HOST], relay->host, &origin);
        if (r >= 0)
                r = account_value_set(&service->values[SERVICE_FIELD_PORT], *relay->port ? relay->port : "25",
                                      *relay->port ? &origin : &(Origin) { .assumed = true });
        if (r >= 0)
                r = account_value_set(&service->values[SERVICE_FIELD_SECURITY], security, &security_origin);
        if (r >= 0 && login)
                r = account_value_set(&service->values[SERVICE_FIELD_SECRET], "stored", &maps_origin);
        return r;
}

static int take_relay(const Reader *reader, const char *path, const SourceSink *sink) {
        const Parameter *relayhost = find(reader, "relayhost");
        _cleanup_free_ char *value = relayhost ? expand(reader, relayhost->value, 0) : NULL, *id = NULL;
        Relay relay;

        /* What stands in no file is not guessed. */
        if (!value || !*value)
                return 0;
        if (!parse_relay(value, &relay))
                return sink->fault(sink->userdata, path, relayhost->line, "relayhost is not the name of a server");
        id = account_make_id(PROGRAM, path, "relayhost");
        Account *account = id ? account_new(id, PROGRAM, path) : NULL;
        int r = account ? fill(reader, relayhost, &relay, account) : -ENOMEM;
        if (r < 0) {
                account_free(account);
                return r;
        }
        return sink->account(sink->userdata, account);
}

int source_postfix_parse(const char *path, const char *text, size_t size, const SourceSink *sink) {
        Reader reader = { 0 };

        int r = take_lines(&reader, text, size);
        if (r >= 0)
                r = take_relay(&reader, path, sink);
        reader_done(&reader);
        return r;
}

static int read_file(const char *path, const SourceSink *sink) {
        const char *wrong = NULL;
        char *text = NULL;
        size_t size = 0;

        int r = trusted_read(-1, path, FILE_MAX, &text, &size, &wrong);
        if (r == -ENOENT)
                return 0;
        if (r < 0)
                return source_fault(sink, path, r, wrong);
        r = source_postfix_parse(path, text, size, sink);
        trusted_free(text, size);
        return r;
}

const Source source_postfix = { PROGRAM, "Postfix", read_file };
