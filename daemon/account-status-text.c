/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A status as text: JSON in the form of the daemon's own files. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account-status.h"
#include "own.h"
#include "sealed-text.h"

#define MAGIC "maildiag-account"
#define VERSION 1

/* ---- out ---- */

static json_t *history_to_json(const AccountStatus *status) {
        json_t *list = json_array();
        for (size_t i = 0; i < status->n_history; i++)
                json_array_append_new(list, json_pack("{s:I, s:s, s:s}", "usec", (json_int_t) status->history[i].usec,
                                                      "status", verdict_to_string(status->history[i].verdict),
                                                      "code", status->history[i].code));
        return list;
}

static json_t *to_json(const AccountStatus *status) {
        return json_pack("{s:s, s:I, s:I, s:I, s:I, s:b, s:b, s:b, s:i, s:s?, s:O?, s:O?, s:O?, s:o}",
                         "status", verdict_to_string(status->verdict),
                         "since-usec", (json_int_t) status->since_usec,
                         "checked-usec", (json_int_t) status->checked_usec,
                         "login-usec", (json_int_t) status->login_usec,
                         "muted-usec", (json_int_t) status->muted_usec,
                         "suspect", (int) status->suspect,
                         "suspect-login", (int) status->suspect_login,
                         "refused", (int) status->refused,
                         "failed", (int) (status->n_failed & 0xffff),
                         "summary", status->summary,
                         "receive", status->receive,
                         "send", status->send,
                         "findings", status->findings,
                         "history", history_to_json(status));
}

char *account_status_to_text(const AccountStatus *status) {
        const KeyedHash key = { 0 };    /* the sum is for damage, and keeps nobody out */
        json_t *document = to_json(status);
        _cleanup_free_ char *json = document ? json_dumps(document, JSON_COMPACT) : NULL, *line = NULL;

        json_decref(document);
        if (!json || asprintf(&line, "%s\n", json) < 0)
                return NULL;
        return sealed_text_new(MAGIC, VERSION, &key, line);
}

/* ---- in ---- */

static int verdict_from_string(const char *word, Verdict *ret) {
        for (Verdict verdict = VERDICT_OK; verdict <= VERDICT_UNKNOWN; verdict++)
                if (word && !strcmp(word, verdict_to_string(verdict))) {
                        *ret = verdict;
                        return 0;
                }
        return -EBADMSG;
}

/* What is kept has the members that everybody relies on. */
static bool is_finding(const json_t *finding) {
        static const char *const keys[] = { "code", "severity", "stage", "actor", "message" };
        for (size_t i = 0; i < ELEMENTS(keys); i++)
                if (!json_is_string(json_object_get(finding, keys[i])))
                        return false;
        return true;
}

static bool is_ability(const json_t *ability) {
        return json_is_string(json_object_get(ability, "verdict")) && json_is_string(json_object_get(ability, "text"));
}

static bool is_absent(const json_t *value) {
        return !value || json_is_null(value);
}

static int read_event(const json_t *object, StatusEvent *ret) {
        const json_t *usec = json_object_get(object, "usec"), *code = json_object_get(object, "code");

        if (!json_is_integer(usec) || json_integer_value(usec) < 0 || !json_is_string(code))
                return -EBADMSG;
        ret->usec = (uint64_t) json_integer_value(usec);
        snprintf(ret->code, sizeof(ret->code), "%s", json_string_value(code));
        return verdict_from_string(json_string_value(json_object_get(object, "status")), &ret->verdict);
}

static int read_history(const json_t *list, AccountStatus *status) {
        size_t n = json_array_size(list);
        int r = 0;

        if (n > STATUS_HISTORY_MAX)
                return -EBADMSG;
        if (n == 0)
                return 0;
        status->history = calloc(STATUS_HISTORY_MAX, sizeof(StatusEvent));
        if (!status->history)
                return -ENOMEM;
        for (size_t i = 0; r >= 0 && i < n; i++)
                r = read_event(json_array_get(list, i), &status->history[status->n_history++]);
        return r;
}

static int read_numbers(const json_t *object, AccountStatus *status) {
        const struct {
                const char *key;
                uint64_t *usec;
        } times[] = {
                { "since-usec", &status->since_usec },
                { "checked-usec", &status->checked_usec },
                { "login-usec", &status->login_usec },
                { "muted-usec", &status->muted_usec },
        };
        const json_t *failed = json_object_get(object, "failed");

        for (size_t i = 0; i < ELEMENTS(times); i++) {
                const json_t *value = json_object_get(object, times[i].key);
                if (!json_is_integer(value) || json_integer_value(value) < 0)
                        return -EBADMSG;
                *times[i].usec = (uint64_t) json_integer_value(value);
        }
        if (!json_is_integer(failed) || json_integer_value(failed) < 0 || json_integer_value(failed) > 0xffff)
                return -EBADMSG;
        status->n_failed = (unsigned) json_integer_value(failed);
        status->suspect = json_is_true(json_object_get(object, "suspect"));
        status->suspect_login = json_is_true(json_object_get(object, "suspect-login"));
        status->refused = json_is_true(json_object_get(object, "refused"));
        return 0;
}

static int read_documents(const json_t *object, AccountStatus *status) {
        const struct {
                const char *key;
                json_t **to;
        } abilities[] = { { "receive", &status->receive }, { "send", &status->send } };
        json_t *findings = json_object_get(object, "findings");
        const char *summary = json_string_value(json_object_get(object, "summary"));

        for (size_t i = 0; i < ELEMENTS(abilities); i++) {
                json_t *ability = json_object_get(object, abilities[i].key);
                if (!is_absent(ability) && !is_ability(ability))
                        return -EBADMSG;
                *abilities[i].to = is_absent(ability) ? NULL : json_incref(ability);
        }
        if (!is_absent(findings) && !json_is_array(findings))
                return -EBADMSG;
        for (size_t i = 0; i < json_array_size(findings); i++)
                if (!is_finding(json_array_get(findings, i)))
                        return -EBADMSG;
        status->findings = is_absent(findings) ? NULL : json_incref(findings);
        if (summary && !(status->summary = strdup(summary)))
                return -ENOMEM;
        return 0;
}

static int from_json(const json_t *object, AccountStatus *status) {
        int r = verdict_from_string(json_string_value(json_object_get(object, "status")), &status->verdict);
        if (r >= 0)
                r = read_numbers(object, status);
        if (r >= 0)
                r = read_documents(object, status);
        return r < 0 ? r : read_history(json_object_get(object, "history"), status);
}

int account_status_from_text(const char *text, AccountStatus *ret) {
        _cleanup_free_ char *lines = NULL;
        AccountStatus status;
        KeyedHash key;

        int r = sealed_text_open(text, MAGIC, VERSION, &key, &lines);
        if (r < 0)
                return r;
        json_t *object = json_loads(lines, JSON_REJECT_DUPLICATES, NULL);
        account_status_init(&status);
        r = json_is_object(object) ? from_json(object, &status) : -EBADMSG;
        json_decref(object);
        if (r < 0) {
                account_status_done(&status);
                return r;
        }
        *ret = status;
        return 0;
}
