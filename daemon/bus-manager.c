/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* org.maildiag.Diag1.Manager: the entry point. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bouncer.h"
#include "bus-private.h"
#include "config.h"
#include "dbus/names.h"
#include "describe.h"
#include "language.h"
#include "monitor.h"
#include "own.h"
#include "target.h"

/* ---- checks ---- */

typedef int (*RequestReader)(sd_bus_message *call, JobRequest *request, sd_bus_error *error);

/* The options of the run are the same for all accounts. */
static int admit_request(const Manager *manager, const JobRequest *request, uid_t uid, sd_bus_error *error) {
        return request->accounts[0].ignore_login_budget ? bouncer_may_ignore_budget(manager->instance, uid, error) : 0;
}

int bus_begin_check(Manager *manager, sd_bus_message *call, uid_t uid, JobRequest *request, Job **ret,
                    sd_bus_error *error) {
        _cleanup_free_ char *text = NULL;
        bool impatient = request->impatient;
        Job *job;

        int r = manager_start_check(manager, uid, request, &job, &text);
        if (r < 0)
                return bus_error_from(error, r, text);
        r = impatient ? bus_reply_later(manager, call, job) : bus_announce(manager, call, job);
        if (r < 0) {
                job_cancel(job);
                return bus_error_from(error, r, NULL);
        }
        *ret = job;
        return 1;
}

/* Who asks is known before anything is read, and all is in order before anything is started. */
static int start_check(Manager *manager, sd_bus_message *call, RequestReader read_request, bool impatient, Job **ret,
                       sd_bus_error *error) {
        __attribute__((cleanup(job_request_done))) JobRequest request = { .impatient = impatient };
        uid_t uid;

        int r = bouncer_admit(manager->bouncer, call, &uid, error);
        if (r >= 0)
                r = read_request(call, &request, error);
        if (r >= 0)
                r = admit_request(manager, &request, uid, error);
        if (r >= 0)
                r = bus_guard_request(manager, uid, &request, error);
        if (r >= 0)
                r = bus_open_secrets(manager, uid, &request, error);
        return r < 0 ? r : bus_begin_check(manager, call, uid, &request, ret, error);
}

static int method_check_server(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Job *job;
        return start_check(userdata, call, bus_read_server, true, &job, error);
}

static int method_check_settings(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Job *job;
        return start_check(userdata, call, bus_read_settings, true, &job, error);
}

static int start_job(sd_bus_message *call, Manager *manager, RequestReader read_request, sd_bus_error *error) {
        Job *job;
        int r = start_check(manager, call, read_request, false, &job, error);
        if (r < 0)
                return r;
        _cleanup_free_ char *path = bus_job_path(job);
        return path ? sd_bus_reply_method_return(call, "o", path) : bus_error_from(error, -ENOMEM, NULL);
}

static int method_start_check_settings(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return start_job(call, userdata, bus_read_settings, error);
}

static int method_start_check_accounts(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return start_job(call, userdata, bus_read_accounts, error);
}

static int method_discover(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        Job *job;
        return start_check(userdata, call, bus_read_discover, true, &job, error);
}

static int method_start_discover(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return start_job(call, userdata, bus_read_discover, error);
}

/* ---- lists ---- */

static int append_job(sd_bus_message *reply, const Job *job) {
        _cleanup_free_ char *path = bus_job_path(job);
        return path ? sd_bus_message_append(reply, "(osut)", path, job_state_to_string(job->state), (uint32_t) job->uid,
                                            job->started_usec) : -ENOMEM;
}

static int append_jobs(sd_bus_message *reply, const Manager *manager, uid_t uid) {
        const Job *job;
        int r = sd_bus_message_open_container(reply, 'a', "(osut)");
        TAILQ_FOREACH(job, &manager->jobs, entry)
                if (r >= 0 && bouncer_may_see(uid, job->uid))
                        r = append_job(reply, job);
        return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int append_plugins(sd_bus_message *reply, const Manager *manager, uid_t uid) {
        int r = sd_bus_message_open_container(reply, 'a', "(ssass)");
        for (size_t i = 0; r >= 0 && manager_registry(manager) && i < registry_n_plugins(manager_registry(manager)); i++) {
                const PluginInfo *plugin = registry_plugin_at(manager_registry(manager), i);
                const char *state = plugin->loaded ? "loaded" : "failed";
                if (registry_plugin(manager_registry(manager), plugin->name) == plugin)
                        r = sd_bus_message_append(reply, "(ssass)", plugin->name, plugin->version, 1, plugin->name, state);
                else
                        r = sd_bus_message_append(reply, "(ssass)", plugin->name, plugin->version, 0, state);
        }
        return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int append_codes(sd_bus_message *reply, const Manager *manager, uid_t uid) {
        _cleanup_free_ const char **codes = manager_registry(manager) ? registry_codes(manager_registry(manager)) : NULL;

        if (manager_registry(manager) && !codes)
                return -ENOMEM;
        return sd_bus_message_append_strv(reply, (char **) codes);
}

static int append_description(sd_bus_message *reply, const Manager *manager, uid_t uid) {
        bool details = bouncer_has(manager->bouncer, uid, RIGHT_VIEW);
        json_t *document = describe_instance(manager, uid, details);
        _cleanup_free_ char *text = document ? json_dumps(document, JSON_COMPACT) : NULL;

        json_decref(document);
        return text ? sd_bus_message_append(reply, "s", text) : -ENOMEM;
}

/* Answers with what `append` makes for a caller who was let in. */
static int answer(sd_bus_message *call, const Manager *manager,
                  int (*append)(sd_bus_message *reply, const Manager *manager, uid_t uid), sd_bus_error *error) {
        sd_bus_message *reply = NULL;
        uid_t uid;

        int r = bouncer_admit(manager->bouncer, call, &uid, error);
        if (r < 0)
                return r;
        r = sd_bus_message_new_method_return(call, &reply);
        if (r >= 0)
                r = append(reply, manager, uid);
        if (r >= 0)
                r = sd_bus_send(NULL, reply, NULL);
        sd_bus_message_unref(reply);
        return r < 0 ? bus_error_from(error, r, NULL) : 1;
}

static int method_list_jobs(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        return answer(call, userdata, append_jobs, error);
}

static int method_list_plugins(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        int r = bus_when_all_are_known(call, userdata, method_list_plugins, error);
        return r != 0 ? r : answer(call, userdata, append_plugins, error);
}

static int method_list_findings(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        int r = bus_when_all_are_known(call, userdata, method_list_findings, error);
        return r != 0 ? r : answer(call, userdata, append_codes, error);
}

static int method_describe(sd_bus_message *call, void *userdata, sd_bus_error *error) {
        int r = bus_when_all_are_known(call, userdata, method_describe, error);
        return r != 0 ? r : answer(call, userdata, append_description, error);
}

/* ---- properties ---- */

static int get_version(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                       void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "s", MAILDIAG_VERSION);
}

static int get_features(sd_bus *bus, const char *path, const char *interface, const char *property,
                        sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        _cleanup_free_ const char **features = describe_features();
        return features ? sd_bus_message_append_strv(reply, (char **) features) : -ENOMEM;
}

static int get_instance(sd_bus *bus, const char *path, const char *interface, const char *property,
                        sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        const Manager *manager = userdata;
        return sd_bus_message_append(reply, "s", instance_to_string(manager->instance));
}

static int get_checking(sd_bus *bus, const char *path, const char *interface, const char *property,
                        sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "b", manager_is_checking(userdata));
}

static int get_status(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                      void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "s", verdict_to_string(manager_verdict(userdata)));
}

static int get_total(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                     void *userdata, sd_bus_error *error) {
        const Manager *manager = userdata;
        return sd_bus_message_append(reply, "u", (uint32_t) accounts_n(manager->accounts));
}

static int get_broken(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                      void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "u", (uint32_t) manager_n_broken(userdata));
}

static int get_last_check(sd_bus *bus, const char *path, const char *interface, const char *property,
                          sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        return sd_bus_message_append(reply, "t", manager_last_check_usec(userdata));
}

static int get_next_check(sd_bus *bus, const char *path, const char *interface, const char *property,
                          sd_bus_message *reply, void *userdata, sd_bus_error *error) {
        const Manager *manager = userdata;
        return sd_bus_message_append(reply, "t", monitor_next_usec(manager->monitor));
}

static int get_network(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *reply,
                       void *userdata, sd_bus_error *error) {
        const Manager *manager = userdata;
        return sd_bus_message_append(reply, "s", network_state_to_string(monitor_network(manager->monitor)));
}

/* Messages of checks carry names of accounts: sd-bus wipes them. */
#define CHECK_FLAGS (SD_BUS_VTABLE_UNPRIVILEGED | SD_BUS_VTABLE_SENSITIVE)

const sd_bus_vtable bus_manager_vtable[] = {
        SD_BUS_VTABLE_START(0),
        SD_BUS_METHOD_WITH_NAMES("CheckServer", "ssqsa{sv}",
                                 SD_BUS_PARAM(protocol) SD_BUS_PARAM(host) SD_BUS_PARAM(port) SD_BUS_PARAM(security)
                                 SD_BUS_PARAM(options),
                                 "saa{sv}", SD_BUS_PARAM(verdict) SD_BUS_PARAM(findings),
                                 method_check_server, CHECK_FLAGS),
        SD_BUS_METHOD_WITH_NAMES("CheckSettings", "saa{sv}a{sv}",
                                 SD_BUS_PARAM(address) SD_BUS_PARAM(services) SD_BUS_PARAM(options),
                                 "saa{sv}", SD_BUS_PARAM(verdict) SD_BUS_PARAM(findings),
                                 method_check_settings, CHECK_FLAGS),
        SD_BUS_METHOD_WITH_NAMES("StartCheckSettings", "saa{sv}a{sv}",
                                 SD_BUS_PARAM(address) SD_BUS_PARAM(services) SD_BUS_PARAM(options),
                                 "o", SD_BUS_PARAM(job),
                                 method_start_check_settings, CHECK_FLAGS),
        SD_BUS_METHOD_WITH_NAMES("StartCheckAccounts", "aa{sv}a{sv}", SD_BUS_PARAM(accounts) SD_BUS_PARAM(options),
                                 "o", SD_BUS_PARAM(job),
                                 method_start_check_accounts, CHECK_FLAGS),
        SD_BUS_METHOD_WITH_NAMES("CheckAccount", "sa{sv}", SD_BUS_PARAM(id) SD_BUS_PARAM(options),
                                 "saa{sv}", SD_BUS_PARAM(verdict) SD_BUS_PARAM(findings),
                                 bus_method_check_account, CHECK_FLAGS),
        SD_BUS_METHOD_WITH_NAMES("StartCheck", "asa{sv}", SD_BUS_PARAM(ids) SD_BUS_PARAM(options),
                                 "o", SD_BUS_PARAM(job), bus_method_start_check, CHECK_FLAGS),
        SD_BUS_METHOD_WITH_NAMES("ListAccounts", NULL, , "a(sosst)", SD_BUS_PARAM(accounts), bus_method_list_accounts,
                                 SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_NAMES("GetAccount", "s", SD_BUS_PARAM(id), "o", SD_BUS_PARAM(account),
                                 bus_method_get_account, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_NAMES("ListSources", NULL, , "a(ssus)", SD_BUS_PARAM(sources), bus_method_list_sources,
                                 SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_NAMES("ImportAccounts", "sa{sv}", SD_BUS_PARAM(source) SD_BUS_PARAM(options),
                                 "as", SD_BUS_PARAM(accounts), bus_method_import_accounts, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_NAMES("Discover", "sa{sv}", SD_BUS_PARAM(address) SD_BUS_PARAM(options),
                                 "aa{sv}", SD_BUS_PARAM(candidates), method_discover, CHECK_FLAGS),
        SD_BUS_METHOD_WITH_NAMES("StartDiscover", "sa{sv}", SD_BUS_PARAM(address) SD_BUS_PARAM(options),
                                 "o", SD_BUS_PARAM(job), method_start_discover, CHECK_FLAGS),
        SD_BUS_METHOD_WITH_NAMES("ListJobs", NULL, , "a(osut)", SD_BUS_PARAM(jobs), method_list_jobs,
                                 SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_NAMES("ListPlugins", NULL, , "a(ssass)", SD_BUS_PARAM(plugins), method_list_plugins,
                                 SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_NAMES("ListFindings", NULL, , "as", SD_BUS_PARAM(codes), method_list_findings,
                                 SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_NAMES("Describe", NULL, , "s", SD_BUS_PARAM(json), method_describe,
                                 SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_NAMES("Explain", "ss", SD_BUS_PARAM(code) SD_BUS_PARAM(locale), "a{sv}", SD_BUS_PARAM(text),
                                 bus_method_explain, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_NAMES("ExplainText", "ss", SD_BUS_PARAM(text) SD_BUS_PARAM(locale),
                                 "aa{sv}", SD_BUS_PARAM(explanations), bus_method_explain_text, CHECK_FLAGS),
        SD_BUS_METHOD_WITH_NAMES("ValidateAccount", "ss", SD_BUS_PARAM(id) SD_BUS_PARAM(text), NULL, ,
                                 bus_method_validate_account, CHECK_FLAGS),
        SD_BUS_METHOD("Reload", NULL, NULL, bus_method_reload, SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_METHOD_WITH_NAMES("Mute", "st", SD_BUS_PARAM(id) SD_BUS_PARAM(until_usec), NULL, , bus_method_mute,
                                 SD_BUS_VTABLE_UNPRIVILEGED),
        SD_BUS_SIGNAL_WITH_NAMES("AccountStatusChanged", "oss", SD_BUS_PARAM(account) SD_BUS_PARAM(old) SD_BUS_PARAM(new), 0),
        SD_BUS_SIGNAL_WITH_NAMES("CheckFinished", "suu", SD_BUS_PARAM(worst) SD_BUS_PARAM(broken) SD_BUS_PARAM(total), 0),
        SD_BUS_PROPERTY("Version", "s", get_version, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("Features", "as", get_features, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("Instance", "s", get_instance, 0, SD_BUS_VTABLE_PROPERTY_CONST),
        SD_BUS_PROPERTY("Status", "s", get_status, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("AccountsTotal", "u", get_total, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("AccountsBroken", "u", get_broken, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("LastCheckUSec", "t", get_last_check, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("NextCheckUSec", "t", get_next_check, 0, 0),
        SD_BUS_PROPERTY("Network", "s", get_network, 0, SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
        SD_BUS_PROPERTY("Checking", "b", get_checking, 0, 0),
        SD_BUS_VTABLE_END,
};
