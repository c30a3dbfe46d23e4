/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiag settings ADDRESS --for FORMAT: settings that were proved, in the form that a program reads. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "diagnose.h"
#include "endpoint.h"
#include "export-report.h"
#include "export-text.h"
#include "guide-store.h"
#include "i18n.h"
#include "nearest.h"
#include "report-file.h"
#include "report.h"
#include "services.h"
#include "verb.h"

static int complain_format(const char *name) {
        const char *known[16];
        for (size_t i = 0; i < n_export_formats; i++)
                known[i] = export_formats[i].name;
        char *nearest = nearest_words(name, "", known, n_export_formats);
        if (nearest && *nearest)
                complain(STATUS_USAGE, _("--for '%s': there is no such form and no guide for such an app; nearest: %s"), name,
                         nearest);
        else
                complain(STATUS_USAGE, _("--for '%s': there is no such form and no guide for such an app; the forms are text, "
                                         "thunderbird, mobileconfig, autoconfig, outlook, msmtp, mbsync, mutt and aerc"), name);
        free(nearest);
        return STATUS_USAGE;
}

/* ---- where the settings come from ---- */

static int check_address(const Settings *settings, const json_t *report) {
        const char *asked = settings->address, *found = report_text(json_object_get(report, "account"), "address");
        if (asked && *found && strcmp(asked, found))
                return complain(STATUS_USAGE, _("--from-report: the report is about %s, not about %s"), found, asked);
        if (!asked && !*found)
                return complain(STATUS_USAGE, _("settings: the mail address is missing, and the report has none"));
        return 0;
}

static int read_report(Settings *settings, json_t **ret) {
        /* What is not to be tried is only found. */
        settings->discover = settings->no_probe;
        int status = settings->report_file ? report_read(settings->report_file, ret) : diagnose_report(settings, ret);
        return status != 0 ? status : check_address(settings, *ret);
}

static int complain_problem(int r, const char *what, const char *problem) {
        return r == -ENOMEM ? complain_oom() : complain(STATUS_UNKNOWN, _("settings: '%s': %s"), what, _(problem));
}

static int make_account(const Settings *settings, const json_t *report, ExportAccount **ret, char **ret_left_out) {
        const char *address = settings->address ?: report_text(json_object_get(report, "account"), "address");
        const char *problem = NULL;

        int r = export_account_new(address, ret, &problem);
        if (r == 0)
                r = export_add_report(*ret, report, ret_left_out, &problem);
        return r < 0 ? complain_problem(r, address, problem) : 0;
}

/* ---- what is asked of them ---- */

static int refuse_unproved(const ExportService *service) {
        if (*service->reason)
                return complain(STATUS_BROKEN, _("settings: %s %s port %u does not work (%s); --unverified writes it all the same"),
                                service->protocol, service->host, service->port, service->reason);
        return complain(STATUS_UNKNOWN, _("settings: %s %s port %u was not verified; --unverified writes it all the same"),
                        service->protocol, service->host, service->port);
}

/* The servers were to be found, and none was. */
static int complain_nothing_found(const Settings *settings) {
        return complain(STATUS_UNKNOWN, _("settings: no server was found for %s; name them: --imap HOST, --pop3 HOST and "
                                          "--smtp HOST"), settings->address);
}

static int check_format(const Settings *settings, const ExportFormat *format, const ExportAccount *account,
                        const char *left_out) {
        const char *problem = format->problem(account);

        if (account->n_services == 0 && !left_out && !settings->report_file && settings->n_services == 0)
                return complain_nothing_found(settings);
        if (problem && left_out)
                return complain(STATUS_UNKNOWN, _("settings: %s: %s; left out, since clear text is not exported: %s"),
                                format->name, _(problem), left_out);
        if (problem)
                return complain(STATUS_UNKNOWN, _("settings: %s: %s"), format->name, _(problem));
        for (size_t i = 0; i < account->n_services && !settings->unverified; i++)
                if (account->services[i].proof == EXPORT_UNPROVED &&
                    export_format_uses(format, account, &account->services[i]))
                        return refuse_unproved(&account->services[i]);
        return 0;
}

static json_t *service_json(const ExportService *service) {
        static const char *const securities[] = { [EXPORT_TLS] = "tls", [EXPORT_STARTTLS] = "starttls" };
        static const char *const auths[] = {
                [EXPORT_PASSWORD] = "password", [EXPORT_ENCRYPTED] = "encrypted-password", [EXPORT_OAUTH2] = "oauth2",
                [EXPORT_OAUTH2_OR_PASSWORD] = "oauth2-or-password",
        };
        static const char *const proofs[] = {
                [EXPORT_UNPROVED] = "none", [EXPORT_CONNECTION] = "connection", [EXPORT_LOGIN] = "login",
        };
        return json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:s}", "protocol", service->protocol, "host", service->host, "port",
                         (int) service->port, "security", securities[service->security], "username", service->username,
                         "auth", auths[service->auth], "proof", proofs[service->proof]);
}

static void print_json(const ExportAccount *account) {
        json_t *services = json_array(), *document = json_pack("{s:s}", "address", account->address);
        for (size_t i = 0; i < account->n_services; i++)
                json_array_append_new(services, service_json(&account->services[i]));
        json_object_set_new(document, "services", services);
        json_dumpf(document, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
        putchar('\n');
        json_decref(document);
}

/* ---- both together ---- */

/* A form, or an app that there is a guide for. */
static int find_target(const char *name, const ExportFormat **ret_format, Guide **ret_guide) {
        *ret_format = export_format_find(name);
        if (*ret_format)
                return 0;
        int status = guide_find(name, ret_guide);
        if (status != 0)
                return status;
        *ret_format = export_format_find("outlook");
        return *ret_guide ? 0 : complain_format(name);
}

static int export(Settings *settings, const ExportFormat *format, const Guide *guide) {
        ExportAccount *account = NULL;
        json_t *report = NULL;
        char *left_out = NULL;

        int status = read_report(settings, &report);
        if (status == 0)
                status = make_account(settings, report, &account, &left_out);
        if (status == 0)
                status = check_format(settings, format, account, left_out);
        if (status == 0 && settings->json)
                print_json(account);
        else if (status == 0 && guide)
                export_guide(stdout, account, guide);
        else if (status == 0)
                export_write(stdout, format, account);
        export_account_free(account);
        json_decref(report);
        free(left_out);
        return status;
}

static int run(Settings *settings) {
        const ExportFormat *format;
        Guide *guide = NULL;

        settings->address = settings->n_words > 0 ? settings->words[0] : NULL;
        if (settings->n_words > 0 && address_problem(settings->address))
                return complain(STATUS_USAGE, _("settings: '%s' is not a mail address: %s"), settings->address,
                                _(address_problem(settings->address)));
        if (settings->no_probe && (settings->report_file || settings->n_services > 0))
                return complain(STATUS_USAGE, _("--no-probe: it is for servers that are found, not for those that are given"));
        if (settings->report_file && settings->n_services > 0)
                return complain(STATUS_USAGE, _("--from-report: the servers stand in the report"));
        if (!settings->report_file && !settings->address)
                return complain(STATUS_USAGE, _("settings: the mail address is missing, as in: maildiag settings "
                                                "you@example.org --for text"));
        int status = services_secure(settings);
        if (status == 0)
                status = find_target(settings->format ?: "text", &format, &guide);
        if (status == 0)
                status = export(settings, format, guide);
        guide_free(guide);
        return status;
}

const Verb verb_settings = {
        .name = "settings",
        .bit = VERB_SETTINGS,
        .n_words = 1,
        .synopsis = N_("[ADDRESS] --for FORM …"),
        .summary = N_("Write settings that work in the form that a mail app or tool reads"),
        .description = N_("Tries the servers, those that the provider publishes when none is named, or takes what an earlier check found, and writes the settings that were proved: "
                "as text to read, as user.js for Thunderbird, as a profile for iPhone, iPad and Mac (mobileconfig), as the "
                "file that mail apps look for at a domain's own web server (autoconfig), as steps for outlook or any app of "
                "maildiag guide, or as lines for the files of msmtp, mbsync, mutt and aerc. No password is ever written, and "
                "clear text never exported."),
        .run = run,
};
