/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads "smtp.port=587" and reports. */

#include <stdlib.h>
#include <string.h>

#include "complain.h"
#include "endpoint.h"
#include "guide-changes.h"
#include "i18n.h"
#include "nearest.h"
#include "report.h"
#include "report-file.h"

static int complain_name(const char *text, const char *name) {
        const char *known[32];
        size_t n = 0;
        for (const GuideSetting *setting = guide_settings; setting->key; setting++)
                if (setting->side != GUIDE_OUT || !guide_setting(GUIDE_IN, setting->name))
                        known[n++] = setting->name;
        char *nearest = nearest_words(name, "", known, n);
        if (nearest && *nearest)
                complain(STATUS_USAGE, _("--setting '%s': there is no setting '%s'; nearest: %s"), text, name, nearest);
        else
                complain(STATUS_USAGE, _("--setting '%s': there is no setting '%s'; there are host, port, security, "
                                         "username, password, auth, auth-required and leave-on-server"), text, name);
        free(nearest);
        return STATUS_USAGE;
}

static const char *value_problem(const GuideSetting *setting, const char *value) {
        const char *problem = NULL;
        char *host = NULL;
        uint16_t port;

        if (*value == '\0')
                return N_("the value after = is missing");
        if (!strcmp(setting->name, "port"))
                return port_problem(value, &port);
        if (!strcmp(setting->name, "password"))
                return N_("a password does not belong on a command line; without a value the place is shown");
        if (!strcmp(setting->name, "security") && strcmp(value, "tls") && strcmp(value, "starttls") && strcmp(value, "none"))
                return N_("the choices are tls, starttls and none");
        if (!strcmp(setting->name, "protocol") && strcmp(value, "imap") && strcmp(value, "pop3"))
                return N_("the choices are imap and pop3");
        if (!strcmp(setting->name, "host") && host_parse(value, &host, &problem) < 0)
                return problem;
        free(host);
        return NULL;
}

static int add(GuideChanges *changes, const char *text, const GuideSetting *setting, const char *protocol,
               const char *value) {
        const char *problem = value ? value_problem(setting, value) : NULL;

        if (problem && !strcmp(setting->name, "password"))
                return complain(STATUS_USAGE, "--setting %s=…: %s", setting->name, _(problem));
        if (problem)
                return complain(STATUS_USAGE, "--setting '%s': %s", text, _(problem));
        if (changes->n == GUIDE_CHANGES_MAX)
                return complain(STATUS_USAGE, _("--setting: at most %u settings at once"), GUIDE_CHANGES_MAX);
        changes->list[changes->n++] = (GuideChange) { setting, protocol, value };
        return 0;
}

/* "port": of both sides, or the one that has it. */
static int take_any(GuideChanges *changes, const char *text, const char *name, const char *value) {
        static const GuideSide sides[] = { GUIDE_IN, GUIDE_OUT, GUIDE_ELSE };
        unsigned n = 0;
        int status = 0;

        for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++)
                n += guide_setting(sides[i], name) != NULL;
        if (n == 0)
                return complain_name(text, name);
        if (n > 1 && value)
                return complain(STATUS_USAGE, _("--setting '%s': of which service? Say imap.%s, pop3.%s or smtp.%s"), text,
                                name, name, name);
        for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]) && status == 0; i++)
                if (guide_setting(sides[i], name))
                        status = add(changes, text, guide_setting(sides[i], name), "", value);
        return status;
}

static int take_option(GuideChanges *changes, char *copy, const char *text) {
        static const char *const protocols[] = { "imap", "pop3", "smtp" };
        char *value = strchr(copy, '='), *dot = strchr(copy, '.');
        if (value)
                *value++ = '\0';
        if (!dot || (value && dot > value))
                return take_any(changes, text, copy, value);
        *dot = '\0';
        for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
                const GuideSetting *setting = guide_setting(guide_side(protocols[i]), dot + 1);
                if (strcmp(copy, protocols[i]))
                        continue;
                return setting ? add(changes, text, setting, protocols[i], value) : complain_name(text, dot + 1);
        }
        return complain(STATUS_USAGE, _("--setting '%s': before the dot stands imap, pop3 or smtp"), text);
}

static void take_finding(GuideChanges *changes, const json_t *finding) {
        const char *protocol = report_text(finding, "service");
        size_t i;
        json_t *change;

        json_array_foreach(json_object_get(finding, "changes"), i, change) {
                const GuideSetting *setting = guide_setting(guide_side(protocol), report_text(change, "setting"));
                if (setting && changes->n < GUIDE_CHANGES_MAX)
                        changes->list[changes->n++] = (GuideChange) { setting, protocol, report_text(change, "to") };
        }
}

static int take_report(GuideChanges *changes, const char *path) {
        size_t i;
        json_t *finding;

        int status = report_read(path, &changes->report);
        if (status != 0)
                return status;
        json_array_foreach(json_object_get(changes->report, "findings"), i, finding)
                take_finding(changes, finding);
        if (changes->n == 0)
                return complain(STATUS_UNKNOWN, _("--from-report: the report in '%s' proposes no change of a setting"), path);
        return 0;
}

int guide_changes_read(const Settings *settings, GuideChanges *changes) {
        int status = 0;

        *changes = (GuideChanges) { 0 };
        if (settings->report_file && settings->n_guide_settings > 0)
                return complain(STATUS_USAGE, _("--from-report and --setting cannot go together"));
        if (settings->report_file)
                return take_report(changes, settings->report_file);
        for (size_t i = 0; i < settings->n_guide_settings && status == 0; i++) {
                changes->texts[i] = strdup(settings->guide_settings[i]);
                status = changes->texts[i] ? take_option(changes, changes->texts[i], settings->guide_settings[i])
                                           : complain_oom();
        }
        return status;
}

void guide_changes_done(GuideChanges *changes) {
        for (size_t i = 0; i < GUIDE_SETTINGS_MAX; i++)
                free(changes->texts[i]);
        json_decref(changes->report);
        *changes = (GuideChanges) { 0 };
}
