/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A round of checks: which accounts can be checked now, and the jobs that do it. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account-settings.h"
#include "bus.h"
#include "log.h"
#include "monitor-private.h"
#include "own.h"

#define TOGETHER_USEC (2 * SECOND)      /* what is due in this time is checked with what is due now */
#define FEW_ACCOUNTS 16u                /* so few are checked together, so that it shows what they share */
#define RETRY_USEC (5 * MINUTE)         /* after a check that said nothing */
#define NO_WORKER_USEC (10 * SECOND)    /* while there is none */

ScheduleFacts monitor_facts(const Account *account) {
        const AccountStatus *status = &account->status;
        const AccountWatch *watch = &account->watch;
        bool has_secret = false;

        for (size_t i = 0; i < account->n_services; i++) {
                const char *secret = account->services[i].values[SERVICE_FIELD_SECRET].text;
                has_secret = has_secret || (secret && !strncmp(secret, "credential:", strlen("credential:")));
        }
        return (ScheduleFacts) {
                .number = watch->number,
                .turn = watch->turn,
                .checked = watch->checked,
                .login = watch->login,
                .has_secret = has_secret,
                .suspect = status->suspect,
                .suspect_login = status->suspect_login,
                .refused = status->refused,
                .n_failed = status->n_failed,
        };
}

/* ---- what can be checked now ---- */

static bool is_of_this_computer(const char *host) {
        size_t length = strlen(host), suffix = strlen(".localhost");    /* RFC 6761 section 6.3 */
        return !strcmp(host, "localhost") || !strncmp(host, "127.", 4) || !strcmp(host, "::1") ||
               (length > suffix && !strcmp(host + length - suffix, ".localhost"));
}

bool monitor_is_local(const Account *account) {
        for (size_t i = 0; i < account->n_services; i++)
                if (!is_of_this_computer(account->services[i].values[SERVICE_FIELD_HOST].text))
                        return false;
        return true;
}

/* Without a network only what needs none is checked; in a network without the internet a server may well be. */
static bool is_reachable(const Monitor *monitor, const Account *account) {
        NetworkState state = network_state(&monitor->network);
        return (state != NETWORK_OFFLINE && state != NETWORK_PORTAL) || monitor_is_local(account);
}

static bool has_plugins(const Monitor *monitor, const Account *account) {
        const Registry *registry = manager_registry(monitor->manager);
        for (size_t i = 0; i < account->n_services; i++)
                if (!registry || !registry_plugin(registry, account->services[i].protocol))
                        return false;
        return true;
}

static bool waits(const Monitor *monitor, const Account *account) {
        return !account->watch.checking && account->watch.due != SCHEDULE_NEVER && is_reachable(monitor, account);
}

int64_t monitor_next_due(const Monitor *monitor) {
        const Accounts *accounts = monitor->manager->accounts;
        int64_t next = SCHEDULE_NEVER;

        for (size_t i = 0; i < accounts_n(accounts); i++) {
                const Account *account = accounts_at(accounts, i);
                if (waits(monitor, account) && account->watch.due < next)
                        next = account->watch.due;
        }
        return next;
}

/* ---- a round ---- */

static void end_round(Monitor *monitor) {
        const Manager *manager = monitor->manager;

        if (monitor->n_jobs > 0 || !monitor->some_checked)
                return;
        monitor->some_checked = false;
        bus_tell_round(manager->bus, manager_verdict(manager), manager_n_broken(manager), accounts_n(manager->accounts));
}

/* Those whose check came to nothing are looked at again in a while. */
static void on_job_ended(Job *job, void *userdata) {
        Monitor *monitor = userdata;

        monitor->n_jobs--;
        for (size_t i = 0; i < job->n_diagnoses; i++) {
                Account *account = accounts_find(monitor->manager->accounts, job_report(job, i)->account);
                if (!account || !account->watch.checking)
                        continue;
                account->watch.checking = false;
                account->watch.due = now_usec() + scaled(monitor, RETRY_USEC);
        }
        end_round(monitor);
        monitor_set_timer(monitor);
}

static int add_account(Monitor *monitor, JobRequest *request, Account *account) {
        const ScheduleFacts facts = monitor_facts(account);
        bool login = schedule_has_login(&monitor->policy, &facts, now_usec());
        _cleanup_free_ char *text = NULL;
        Settings *settings;

        int r = job_request_add(request, &settings);
        if (r >= 0)
                r = account_to_settings(account, login ? monitor->manager->credentials : NULL, settings, &text);
        if (r < 0) {
                log_line(LOG_WARNING, "account %s cannot be checked: %s", account->id, text ? text : strerror(-r));
                settings_done(&request->accounts[--request->n_accounts]);
                return r;
        }
        settings->as_known = true;
        return 0;
}

/* What is due until then is checked with what is due now. */
static int64_t together_until(const Monitor *monitor) {
        bool few = accounts_n(monitor->manager->accounts) <= FEW_ACCOUNTS;
        int64_t together = few ? monitor->policy.interval / 3 : 0, least = scaled(monitor, TOGETHER_USEC);
        return now_usec() + (together > least ? together : least);
}

/* The accounts that are due, as far as they go into one job. */
static void collect(Monitor *monitor, JobRequest *request) {
        const Accounts *accounts = monitor->manager->accounts;
        int64_t until = together_until(monitor);

        for (size_t i = 0; i < accounts_n(accounts) && request->n_accounts < JOB_ACCOUNTS_MAX; i++) {
                Account *account = accounts_at(accounts, i);
                if (!waits(monitor, account) || account->watch.due > until)
                        continue;
                if (has_plugins(monitor, account) && add_account(monitor, request, account) >= 0)
                        account->watch.checking = true;
                else
                        account->watch.due = now_usec() + scaled(monitor, RETRY_USEC);
        }
}

static void put_back(Monitor *monitor, const JobRequest *request) {
        for (size_t i = 0; i < request->n_accounts; i++) {
                Account *account = accounts_find(monitor->manager->accounts, request->accounts[i].account);
                account->watch.checking = false;
                account->watch.due = now_usec() + scaled(monitor, NO_WORKER_USEC);
        }
}

/* Returns whether a job was started. */
static bool start_job(Monitor *monitor) {
        __attribute__((cleanup(job_request_done))) JobRequest request = { .is_list = true, .scheduled = true };
        _cleanup_free_ char *text = NULL;
        Job *job;

        if (monitor_next_due(monitor) > now_usec() + scaled(monitor, TOGETHER_USEC))
                return false;
        collect(monitor, &request);
        if (request.n_accounts == 0)
                return false;
        int r = manager_start_check(monitor->manager, geteuid(), &request, &job, &text);
        if (r < 0) {
                log_line(LOG_DEBUG, "scheduled checks have to wait: %s", text ? text : strerror(-r));
                put_back(monitor, &request);
                return false;
        }
        job->watcher = (JobWatcher) { .ended = on_job_ended, .userdata = monitor };
        monitor->n_jobs++;
        monitor->some_checked = true;
        return true;
}

void monitor_start_jobs(Monitor *monitor) {
        while (monitor->n_jobs < MONITOR_JOBS_MAX && start_job(monitor))
                ;
}
