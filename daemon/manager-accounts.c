/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the manager does with the accounts that it knows: reads them, takes over what checks found, and tells the bus. */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "bus.h"
#include "clock.h"
#include "log.h"
#include "manager.h"
#include "monitor.h"
#include "own.h"

/* ---- all of them ---- */

Verdict manager_verdict(const Manager *manager) {
        size_t n = accounts_n(manager->accounts);
        Verdict worst = n > 0 ? VERDICT_OK : VERDICT_UNKNOWN;

        for (size_t i = 0; i < n; i++) {
                Verdict verdict = accounts_at(manager->accounts, i)->status.verdict;
                if (verdict_is_worse(verdict, worst))
                        worst = verdict;
        }
        return worst;
}

size_t manager_n_broken(const Manager *manager) {
        size_t n_broken = 0;
        for (size_t i = 0; i < accounts_n(manager->accounts); i++)
                n_broken += accounts_at(manager->accounts, i)->status.verdict == VERDICT_ERROR;
        return n_broken;
}

uint64_t manager_last_check_usec(const Manager *manager) {
        uint64_t last = 0;
        for (size_t i = 0; i < accounts_n(manager->accounts); i++) {
                uint64_t checked = accounts_at(manager->accounts, i)->status.checked_usec;
                if (checked > last)
                        last = checked;
        }
        return last;
}

/* ---- reading ---- */

static void on_added(void *userdata, Account *account) {
        Manager *manager = userdata;
        monitor_added(manager->monitor, account);
        bus_tell_account(manager->bus, account, BUS_NEWS_ADDED);
}

static void on_changed(void *userdata, Account *account) {
        Manager *manager = userdata;
        monitor_changed(manager->monitor, account);
        bus_tell_account(manager->bus, account, BUS_NEWS_SETTINGS);
}

static void on_removed(void *userdata, Account *account) {
        Manager *manager = userdata;
        monitor_removed(manager->monitor, account);
        bus_tell_account(manager->bus, account, BUS_NEWS_REMOVED);
}

void manager_log_fault(const char *path, unsigned line, const char *text) {
        char number[16];
        const LogField fields[] = {
                { "MAILDIAG_FILE", path }, { "MAILDIAG_LINE", line > 0 ? number : NULL }, { "MAILDIAG_REASON", text }, { 0 },
        };

        snprintf(number, sizeof(number), "%u", line);
        if (path && line > 0)
                log_event(LOG_EVENT_CONFIG_INVALID, fields, "%s:%u: %s", path, line, text);
        else if (path)
                log_event(LOG_EVENT_CONFIG_INVALID, fields, "%s: %s", path, text);
}

const ControlList *manager_control(const Manager *manager) {
        return manager->conf.control_given && !manager->control_fixed ? &manager->conf.control : manager->control;
}

static const char *chosen(const char *fixed, const char *configured) {
        return !fixed ? configured : strcmp(fixed, "none") ? fixed : NULL;
}

const char *manager_proxy(const Manager *manager) {
        return chosen(manager->proxy, manager->conf.proxy);
}

const char *manager_ispdb(const Manager *manager) {
        return chosen(manager->ispdb, manager->conf.ispdb);
}

/* A configuration that is broken in one file is not taken at all: the old one stays. */
static int read_conf(Manager *manager) {
        ConfFault fault = { 0 };
        Conf conf;

        int r = conf_read(manager->config_dir, manager->instance, &conf, &fault);
        if (r == -ENOMEM)
                return r;
        conf_fault_done(&manager->conf_fault);
        manager->conf_fault = fault;
        if (r >= 0) {
                conf_done(&manager->conf);
                manager->conf = conf;
                bouncer_set_access(manager->bouncer, &conf.access);
        }
        return 0;
}

/* The user's own directory may be missing as a whole. */
static int add_sources(Manager *manager) {
        const struct {
                const Source *source;
                const char *path;
        } programs[] = {
                { &source_msmtp, manager->conf.msmtp },
                { &source_postfix, manager->conf.postfix },
        };
        _cleanup_free_ char *path = NULL;
        int r = 0;

        accounts_clear_sources(manager->accounts);
        if (manager->sources)
                r = sources_set_chosen(manager->sources, manager->conf.mail_clients);
        if (r < 0)
                return r;
        if (manager->config_dir && asprintf(&path, "%s/accounts.d", manager->config_dir) < 0) {
                path = NULL;
                return -ENOMEM;
        }
        if (path)
                r = accounts_add_source(manager->accounts, &source_files, path);
        if (r >= 0 && manager->sources)
                r = sources_add_to(manager->sources);
        for (size_t i = 0; r >= 0 && i < ELEMENTS(programs); i++)
                if (programs[i].path)
                        r = accounts_add_source(manager->accounts, programs[i].source, programs[i].path);
        return r;
}

static int read_all(Manager *manager) {
        int r = read_conf(manager);
        if (r >= 0)
                r = add_sources(manager);
        if (r >= 0)
                r = accounts_read(manager->accounts);
        if (r < 0)
                return r;
        manager_log_fault(manager->conf_fault.path, manager->conf_fault.line, manager->conf_fault.text);
        for (size_t i = 0; i < accounts_n_faults(manager->accounts); i++) {
                const AccountsFault *fault = accounts_fault_at(manager->accounts, i);
                if (fault->source->read)
                        manager_log_fault(fault->path, fault->line, fault->text);
        }
        return 0;
}

static char *faults_text(const Manager *manager) {
        const ConfFault *fault = &manager->conf_fault;
        char *text;

        if (!fault->path)
                return accounts_faults_text(manager->accounts);
        return asprintf(&text, "%s:%u: %s", fault->path, fault->line, fault->text) < 0 ? NULL : text;
}

static int reload(Manager *manager, char **ret_text) {
        int r = read_all(manager);
        if (r < 0)
                return r;
        manager->context.tools.control = manager_control(manager);
        manager->context.tools.proxy = manager_proxy(manager);
        manager->context.tools.ispdb = manager_ispdb(manager);
        monitor_set_conf(manager->monitor);
        if (manager->sources)
                sources_read(manager->sources);
        bus_tell_summary(manager->bus);
        if (!manager->conf_fault.path && accounts_n_faults(manager->accounts) == 0)
                return 0;
        *ret_text = faults_text(manager);
        return *ret_text ? -EINVAL : -ENOMEM;
}

/* The service manager waits with the next thing until it is over. */
int manager_reload(Manager *manager, char **ret_text) {
        sd_notifyf(false, "RELOADING=1\nMONOTONIC_USEC=%" PRIu64, clock_usec(CLOCK_MONOTONIC));
        int r = reload(manager, ret_text);
        sd_notify(false, "READY=1");
        return r;
}

int manager_set_up_accounts(Manager *manager, const ManagerConfig *config) {
        const AccountsHooks hooks = { on_added, on_changed, on_removed, manager };

        manager->control = config->control;
        manager->control_fixed = config->control_fixed;
        manager->proxy = config->proxy;
        manager->ispdb = config->ispdb;
        manager->config_dir = conf_place(config->instance, config->config_dir);
        manager->credentials = credentials_new(NULL);
        manager->accounts = accounts_new();
        if (!manager->credentials || !manager->accounts || conf_init(&manager->conf, manager->instance) < 0)
                return -ENOMEM;
        int r = read_all(manager);
        if (r >= 0)
                r = monitor_new(manager, config->state_dir, config->time_scale, &manager->monitor);
        if (r >= 0)
                accounts_set_hooks(manager->accounts, &hooks);
        return r;
}

/* ---- what checks found ---- */

void manager_take_reports(Manager *manager, const Job *job) {
        bool some = false;

        for (size_t i = 0; i < job->n_diagnoses; i++) {
                const Report *report = job_report(job, i);
                Account *account = report->account && report->as_known ?
                        accounts_find(manager->accounts, report->account) : NULL;
                if (account)
                        monitor_take(manager->monitor, account, job, i);
                some = some || account;
        }
        if (some)
                bus_tell_summary(manager->bus);
}

/* ---- silence ---- */

void manager_mute(Manager *manager, Account *account, uint64_t until_usec) {
        account->status.muted_usec = until_usec;
        monitor_save(manager->monitor, account);
        bus_tell_account(manager->bus, account, BUS_NEWS_MUTED);
}
