/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* From settings to a printed report: open what is to be handed over, ask the daemon, show what it found. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "accounts.h"
#include "call.h"
#include "complain.h"
#include "diagnose.h"
#include "guide-store.h"
#include "i18n.h"
#include "known.h"
#include "progress.h"
#include "render.h"
#include "report.h"
#include "secret-input.h"
#include "translate.h"

static int open_inputs(const Settings *settings, int fds[static _CALL_FD_MAX]) {
        int status = call_check_place(settings);
        if (status == 0)
                status = file_input("ca-file", settings->ca_file, &fds[CALL_FD_CA]);
        if (status == 0)
                status = file_input("client-cert", settings->client_cert, &fds[CALL_FD_CLIENT_CERT]);
        if (status == 0)
                status = file_input("client-key", settings->client_key, &fds[CALL_FD_CLIENT_KEY]);
        /* The secret last: nobody should type one for a call that then fails for another reason. */
        if (status == 0)
                status = secret_input(settings, &fds[settings->secret_is_token ? CALL_FD_TOKEN : CALL_FD_PASSWORD]);
        return status;
}

static void close_inputs(int fds[static _CALL_FD_MAX]) {
        for (size_t i = 0; i < _CALL_FD_MAX; i++)
                if (fds[i] >= 0)
                        close(fds[i]);
}

/* The document as it came, indented. */
static void print_json(const json_t *report) {
        json_dumpf(report, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
        putchar('\n');
}

static int show(const Settings *settings, const json_t *report, const Guide *guide) {
        if (settings->json)
                print_json(report);
        else {
                Page page;
                page_init(&page, stdout, settings->colour);
                if (settings->known && json_array_size(json_object_get(report, "reports")) == 1)
                        render_report(&page, json_array_get(json_object_get(report, "reports"), 0), guide);
                else if (json_object_get(report, "reports"))
                        render_reports(&page, report, guide);
                else if (settings->discover)
                        render_discovery(&page, report, guide);
                else
                        render_report(&page, report, guide);
        }
        /* A search that found nothing to use has not answered the question. */
        return settings->discover && report_status(report) == STATUS_FINE && !discovery_has_settings(report) ?
               STATUS_UNKNOWN : report_status(report);
}

static int parse(const char *text, json_t **ret_report) {
        json_error_t error;
        json_t *report = json_loads(text, JSON_REJECT_DUPLICATES, &error);
        if (!json_is_object(report)) {
                json_decref(report);
                return complain(STATUS_UNKNOWN, _("the report of the daemon is not JSON: %s"), error.text);
        }
        *ret_report = report;
        return 0;
}

/* One call of the daemon; `ids` are those of a turn, NULL where none is meant. */
static int ask_once(Call *call, const Settings *settings, const json_t *accounts, const char *const *ids, size_t n_ids,
                    const int fds[static _CALL_FD_MAX], json_t **ret_report) {
        char *text = NULL;
        Progress progress;

        progress_init(&progress);
        int status = ids ? call_check_known(call, settings, ids, n_ids, fds, progress_show, &progress, &text) :
                           call_check(call, settings, accounts, fds, progress_show, &progress, &text);
        progress_clear(&progress);
        if (status == 0)
                status = parse(text, ret_report);
        free(text);
        return status;
}

/* A call takes so many accounts; of more the reports are put together. */
static int ask_in_turns(Call *call, const Settings *settings, const char *const *ids, size_t n_ids,
                        const int fds[static _CALL_FD_MAX], json_t **ret_report) {
        json_t *all = NULL, *report;
        int status = 0;

        for (size_t i = 0; status == 0 && i < n_ids; i += WORDS_MAX) {
                size_t n = n_ids - i < WORDS_MAX ? n_ids - i : WORDS_MAX;
                status = ask_once(call, settings, NULL, ids + i, n, fds, &report);
                if (status == 0 && all) {
                        known_join(all, report);
                        json_decref(report);
                } else if (status == 0)
                        all = report;
        }
        if (status != 0)
                json_decref(all);
        else
                *ret_report = all;
        return status;
}

static int ask_all(Call *call, const Settings *settings, const int fds[static _CALL_FD_MAX], json_t **ret_report) {
        json_t *document, *accounts, *account;
        const char **ids;
        size_t i;

        int status = call_describe(call, &document);
        if (status != 0)
                return status;
        accounts = json_object_get(document, "accounts");
        ids = calloc(json_array_size(accounts) + 1, sizeof(char *));
        if (!ids)
                status = complain_oom();
        else if (json_array_size(accounts) == 0)
                status = complain(STATUS_NO_INPUT, _("check: the daemon knows no account; name an address and its servers"));
        json_array_foreach(accounts, i, account)
                if (ids)
                        ids[i] = report_text(account, "id");
        if (status == 0)
                status = ask_in_turns(call, settings, ids, json_array_size(accounts), fds, ret_report);
        free(ids);
        json_decref(document);
        return status;
}

static int ask(Call *call, const Settings *settings, const json_t *accounts, const int fds[static _CALL_FD_MAX],
               json_t **ret_report) {
        if (!settings->known)
                return ask_once(call, settings, accounts, NULL, 0, fds, ret_report);
        if (settings->n_words == 0)
                return ask_all(call, settings, fds, ret_report);
        return ask_in_turns(call, settings, settings->words, settings->n_words, fds, ret_report);
}

/* `translated`: for a person; a document for programs stays as the daemon wrote it. */
static int ask_daemon(const Settings *settings, const json_t *accounts, const int fds[static _CALL_FD_MAX], bool translated,
                      json_t **ret_report) {
        Call *call;

        int status = call_new(settings, &call);
        if (status != 0)
                return status;
        status = ask(call, settings, accounts, fds, ret_report);
        if (status == 0 && translated)
                status = translate_report(call, *ret_report);
        call_free(call);
        return status;
}

static int check_together(const Settings *settings) {
        if (!settings->client_cert != !settings->client_key)
                return complain(STATUS_USAGE, _("--client-cert and --client-key belong together; one is missing"));
        /* Where the servers are found, the form of the user name is, too. */
        bool is_found = settings->n_services == 0 && settings->address;
        if (settings->secret != SECRET_NONE && !settings->user && !settings->accounts_file && !settings->known && !is_found)
                return complain(STATUS_USAGE, _("--%s: whose secret is it? Name the login with --user"),
                                settings->secret_option);
        return 0;
}

static int make_report(Settings *settings, const json_t *accounts, bool translated, json_t **ret) {
        int fds[_CALL_FD_MAX] = { -1, -1, -1, -1, -1 };

        int status = open_inputs(settings, fds);
        if (status == 0)
                status = ask_daemon(settings, accounts, fds, translated, ret);
        close_inputs(fds);
        return status;
}

static int prepare(Settings *settings) {
        if (!settings->user && settings->secret != SECRET_NONE && settings->n_services > 0)
                settings->user = settings->address;
        return check_together(settings);
}

int diagnose_report(Settings *settings, json_t **ret) {
        int status = prepare(settings);
        return status != 0 ? status : make_report(settings, NULL, false, ret);
}

int diagnose(Settings *settings) {
        Accounts accounts = { 0 };
        Guide *guide = NULL;
        json_t *report = NULL;

        int status = prepare(settings);
        if (status == 0 && settings->client)
                status = guide_load(settings->client, &guide);
        if (status == 0 && settings->accounts_file)
                status = accounts_read(settings->accounts_file, &accounts);
        if (status == 0)
                status = make_report(settings, accounts.list, !settings->json, &report);
        if (status == 0)
                status = show(settings, report, guide);
        accounts_done(&accounts);
        guide_free(guide);
        json_decref(report);
        return status;
}
