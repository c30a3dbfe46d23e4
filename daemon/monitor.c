/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The monitor's clock, what it hears of the network, and what checks found.
 *
 * There is one timer for all accounts, set to the earliest that is due.  All that changes when an account is due goes
 * through plan(), and all that may change what is due first through monitor_set_timer().
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-id128.h>

#include "bus.h"
#include "keyed-hash.h"
#include "log.h"
#include "monitor-private.h"
#include "own.h"

#define WAKES_APART_USEC MINUTE         /* between two rounds because the network changed */
#define SLEPT_USEC (3 * SECOND)         /* so long asleep is a resume */

/* ---- when ---- */

static void plan(Monitor *monitor, Account *account, bool starting) {
        const ScheduleFacts facts = monitor_facts(account);
        account->watch.due = schedule_due(&monitor->policy, &facts, now_usec(), starting);
}

/* A time of the wall as one of this start of the computer; one that lies ahead tells nothing. */
static int64_t boottime_of(uint64_t realtime) {
        uint64_t now = clock_realtime_usec();
        if (realtime == 0 || realtime > now)
                return SCHEDULE_NOT_YET;
        return now_usec() - (int64_t) (now - realtime);
}

static void begin_watch(Account *account) {
        const KeyedHash key = { 0 };
        KeyedHash hash = keyed_hash(&key, account->id, strlen(account->id));

        account->watch = (AccountWatch) {
                .checked = boottime_of(account->status.checked_usec),
                .login = boottime_of(account->status.login_usec),
                .due = SCHEDULE_NEVER,
        };
        memcpy(&account->watch.number, &hash, sizeof(account->watch.number));
}

/* ---- the clock ---- */

void monitor_set_timer(Monitor *monitor) {
        int64_t next = monitor->begun && monitor->n_jobs < MONITOR_JOBS_MAX ? monitor_next_due(monitor) : SCHEDULE_NEVER;
        int64_t wake = monitor->woken + scaled(monitor, WAKES_APART_USEC);

        if (monitor->wake_waits && wake < next)
                next = wake;
        sd_event_source_set_time(monitor->timer, next == SCHEDULE_NEVER || next < 0 ? 0 : (uint64_t) next);
        sd_event_source_set_enabled(monitor->timer, next == SCHEDULE_NEVER ? SD_EVENT_OFF : SD_EVENT_ONESHOT);
}

static void wake_all(Monitor *monitor) {
        const Accounts *accounts = monitor->manager->accounts;
        int64_t now = now_usec();

        monitor->woken = now;
        monitor->wake_waits = false;
        for (size_t i = 0; i < accounts_n(accounts); i++) {
                Account *account = accounts_at(accounts, i);
                const ScheduleFacts facts = monitor_facts(account);
                int64_t due = schedule_wake(&monitor->policy, &facts, now);
                if (due < account->watch.due)
                        account->watch.due = due;
        }
}

/* The network may be another.  A storm of changes is one. */
static void wake(Monitor *monitor) {
        if (now_usec() - monitor->woken >= scaled(monitor, WAKES_APART_USEC))
                wake_all(monitor);
        else
                monitor->wake_waits = true;
        monitor_set_timer(monitor);
}

static int64_t time_asleep(void) {
        return (int64_t) (clock_usec(CLOCK_BOOTTIME) - clock_usec(CLOCK_MONOTONIC));
}

void monitor_resumed(Monitor *monitor) {
        monitor->asleep = time_asleep();
        wake(monitor);
}

/* Who does not hear of it from others sees it on the clocks. */
static void look_at_clocks(Monitor *monitor) {
        int64_t asleep = time_asleep();
        if (asleep - monitor->asleep > SLEPT_USEC) {
                const Accounts *accounts = monitor->manager->accounts;
                /* The network comes up after the computer: nothing is due at once. */
                for (size_t i = 0; i < accounts_n(accounts); i++)
                        if (accounts_at(accounts, i)->watch.due < now_usec())
                                accounts_at(accounts, i)->watch.due = SCHEDULE_NEVER;
                monitor->woken = 0;
                monitor_resumed(monitor);
        }
        monitor->asleep = asleep;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata) {
        Monitor *monitor = userdata;

        look_at_clocks(monitor);
        if (monitor->wake_waits && now_usec() - monitor->woken >= scaled(monitor, WAKES_APART_USEC))
                wake_all(monitor);
        monitor_start_jobs(monitor);
        monitor_set_timer(monitor);
        return 0;
}

/* ---- the network ---- */

NetworkState monitor_network(const Monitor *monitor) {
        return network_state(&monitor->network);
}

static bool is_lost(NetworkState state) {
        return state == NETWORK_OFFLINE || state == NETWORK_PORTAL;
}

static void log_network(NetworkState before, NetworkState now) {
        const LogField fields[] = { { "MAILDIAG_NETWORK", network_state_to_string(now) }, { 0 } };

        if (is_lost(now) && !is_lost(before))
                log_event(LOG_EVENT_NETWORK_LOST, fields, "there is no network (%s): checks of accounts wait",
                          network_state_to_string(now));
        else if (is_lost(before) && !is_lost(now))
                log_event(LOG_EVENT_NETWORK_BACK, fields, "there is a network again: checks of accounts go on");
}

static void network_said(Monitor *monitor, bool may_be_another, NetworkState before) {
        NetworkState now = network_state(&monitor->network);

        if (now != before) {
                log_network(before, now);
                bus_tell_network(monitor->manager->bus);
        }
        if (may_be_another && !is_lost(now))
                wake(monitor);
        else
                monitor_set_timer(monitor);
}

/* The first word of a worker is how things are, and not that they changed; but it may have missed that they did. */
void monitor_links(Monitor *monitor, NetworkState state, bool changed) {
        NetworkState before = network_state(&monitor->network);
        bool known = monitor->network.links != NETWORK_UNKNOWN;

        changed = changed || (known && monitor->network.links != state);
        monitor->network.links = state;
        network_said(monitor, changed, before);
}

void monitor_connectivity(Monitor *monitor, NetworkState state) {
        NetworkState before = network_state(&monitor->network);

        monitor->network.manager = state;
        NetworkState now = network_state(&monitor->network);
        network_said(monitor, now != before && before != NETWORK_UNKNOWN, before);
}

/* ---- checks that ended ---- */

void monitor_save(Monitor *monitor, const Account *account) {
        monitor_state_save(monitor->state, account);
}

static bool login_was_tried(const Report *report) {
        for (size_t i = 0; i < report->n_logs; i++)
                if (strcmp(probe_log_login(report->logs[i]), "not-tried"))
                        return true;
        return false;
}

static void log_change(const Account *account, Verdict old) {
        const AccountStatus *status = &account->status;
        const char *code = json_string_value(json_object_get(json_array_get(status->findings, 0), "code"));
        const LogField fields[] = {
                { "MAILDIAG_ACCOUNT", account->id },
                { "MAILDIAG_CODE", code },
                { "MAILDIAG_STATUS_OLD", verdict_to_string(old) },
                { "MAILDIAG_STATUS_NEW", verdict_to_string(status->verdict) },
                { 0 },
        };
        if (status->verdict == VERDICT_ERROR)
                log_event(LOG_EVENT_ACCOUNT_BROKEN, fields, "account %s does not work: %s", account->id, code ? code : "?");
        else if (old == VERDICT_ERROR && status->verdict != VERDICT_UNKNOWN)
                log_event(LOG_EVENT_ACCOUNT_WORKS, fields, "account %s works again", account->id);
}

static void tell_change(Monitor *monitor, const Account *account, Verdict old) {
        bus_tell_account(monitor->manager->bus, account, BUS_NEWS_STATUS);
        if (account->status.verdict == old)
                return;
        log_change(account, old);
        bus_tell_status(monitor->manager->bus, account, old);
}

void monitor_take(Monitor *monitor, Account *account, const Job *job, size_t number) {
        const StatusCheck check = {
                .report = job_report(job, number),
                .shared = &job->shared,
                .number = number,
                .asked = !job->scheduled,
                .online = network_is_up(monitor_network(monitor)) || monitor_is_local(account),
                .now_usec = clock_realtime_usec(),
        };
        Verdict old = account->status.verdict;

        int news = account_status_take(&account->status, &check);
        if (news < 0 || news == STATUS_NOTHING)
                return;                 /* the end of its job plans it again */
        account->watch.checking = account->watch.checking && !job->scheduled;
        account->watch.checked = now_usec();
        if (login_was_tried(check.report))
                account->watch.login = account->watch.checked;
        account->watch.turn++;
        plan(monitor, account, false);
        monitor_state_save(monitor->state, account);
        tell_change(monitor, account, old);
}

/* ---- accounts that come and go ---- */

void monitor_added(Monitor *monitor, Account *account) {
        monitor_state_load(monitor->state, account);
        begin_watch(account);
        plan(monitor, account, true);
        monitor_set_timer(monitor);
}

void monitor_changed(Monitor *monitor, Account *account) {
        account_status_settings_changed(&account->status);
        account->watch.checked = account->watch.login = SCHEDULE_NOT_YET;
        plan(monitor, account, false);
        monitor_set_timer(monitor);
}

void monitor_removed(Monitor *monitor, Account *account) {
        monitor_state_forget(monitor->state, account);
}

/* ---- life ---- */

static uint64_t seed_of_computer(void) {
        static const sd_id128_t purpose = SD_ID128_MAKE(8d, 41, 6b, 0a, f3, 52, 4e, 9c, b7, 18, c0, 3e, 65, d9, 2f, a4);
        sd_id128_t machine = SD_ID128_NULL;
        uint64_t seed;

        sd_id128_get_machine_app_specific(purpose, &machine);
        memcpy(&seed, &machine, sizeof(seed));
        return seed;
}

void monitor_set_conf(Monitor *monitor) {
        const Conf *conf = &monitor->manager->conf;
        const Accounts *accounts = monitor->manager->accounts;
        bool private = monitor->manager->instance == INSTANCE_PRIVATE;

        monitor->policy = (SchedulePolicy) {
                .interval = private ? 0 : scaled(monitor, conf->interval_usec),
                .login_interval = conf->logins_a_day > 0 ? scaled(monitor, 24 * 60 * MINUTE / conf->logins_a_day) : 0,
                .confirm = scaled(monitor, conf->confirm_usec),
                .confirm_login = scaled(monitor, 10 * conf->confirm_usec),
                .back_off_max = scaled(monitor, conf->back_off_usec),
                .spread = scaled(monitor, 5 * MINUTE < conf->interval_usec ? 5 * MINUTE : conf->interval_usec),
                .wake_min = scaled(monitor, 5 * SECOND),
                .wake_max = scaled(monitor, 30 * SECOND),
                .seed = seed_of_computer(),
        };
        for (size_t i = 0; i < accounts_n(accounts); i++)
                plan(monitor, accounts_at(accounts, i), true);
        monitor_set_timer(monitor);
}

void monitor_begin(Monitor *monitor) {
        if (monitor->begun)
                return;
        monitor->begun = true;
        monitor_set_timer(monitor);
}

int monitor_new(Manager *manager, const char *state_dir, uint32_t time_scale, Monitor **ret) {
        const Accounts *accounts = manager->accounts;
        Monitor *monitor = calloc(1, sizeof(*monitor));

        if (!monitor)
                return -ENOMEM;
        monitor->manager = manager;
        monitor->time_scale = time_scale;
        monitor->asleep = time_asleep();
        monitor->state = monitor_state_new(manager->instance, state_dir);
        int r = monitor->state ? sd_event_add_time(manager->event, &monitor->timer, CLOCK_BOOTTIME, 0,
                                                   (uint64_t) scaled(monitor, SECOND), on_timer, monitor) : -ENOMEM;
        if (r >= 0)
                r = sd_event_source_set_enabled(monitor->timer, SD_EVENT_OFF);
        if (r < 0) {
                monitor_free(monitor);
                return r;
        }
        for (size_t i = 0; i < accounts_n(accounts); i++) {
                monitor_state_load(monitor->state, accounts_at(accounts, i));
                begin_watch(accounts_at(accounts, i));
        }
        monitor_set_conf(monitor);
        *ret = monitor;
        return 0;
}

Monitor *monitor_free(Monitor *monitor) {
        if (!monitor)
                return NULL;
        sd_event_source_disable_unref(monitor->timer);
        monitor_state_free(monitor->state);
        free(monitor);
        return NULL;
}

uint64_t monitor_next_usec(const Monitor *monitor) {
        int64_t next = monitor->begun ? monitor_next_due(monitor) : SCHEDULE_NEVER, now = now_usec();

        if (next == SCHEDULE_NEVER)
                return 0;
        return clock_realtime_usec() + (uint64_t) (next > now ? next - now : 0);
}
