/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Groups of findings that have one cause.
 *
 * For each rule the findings that it is made of are taken together where they have the same value in common, be it a
 * port, an issuer or an owner.  A group that several accounts have a part in, and that nothing speaks against, becomes a
 * finding; its members are consequences from then on, and no later rule takes them.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge-shared-private.h"
#include "judge.h"
#include "match.h"

#define HOSTS_SHOWN 16u

void shared_done(Shared *shared) {
        for (size_t i = 0; i < shared->n_findings; i++) {
                SharedFinding *finding = &shared->findings[i];
                md_record_done(&finding->params);
                free(finding->accounts);
                free(finding->message);
                free(finding->meaning);
                free(finding->hint);
        }
        free(shared->findings);
        *shared = (Shared) { 0 };
}

bool shared_concerns(const SharedFinding *finding, size_t account) {
        for (size_t i = 0; i < finding->n_accounts; i++)
                if (finding->accounts[i] == account)
                        return true;
        return false;
}

/* ---- groups ---- */

typedef struct Member {
        size_t account;
        Finding *finding;
        const ProbeLog *log;
} Member;

typedef struct Group {
        size_t n, n_accounts;
        Member *members;                /* those of an account follow each other */
} Group;

typedef struct Work {
        SharedScene scene;
        const Registry *registry;
        Shared *shared;
} Work;

static bool is_member(const SharedRule *rule, const Report *report, const Finding *finding, const char *key) {
        char buffer[8];
        const char *own = finding->cause || !shared_rule_takes(rule, finding->info->id) ? NULL :
                          rule->key(report->logs[finding->probe], buffer);
        return own && rule->same(own, key);
}

static int add_member(Group *group, size_t account, Finding *finding, const ProbeLog *log) {
        Member *larger = reallocarray(group->members, group->n + 1, sizeof(Member));
        if (!larger)
                return -ENOMEM;
        group->members = larger;
        group->n_accounts += group->n == 0 || group->members[group->n - 1].account != account;
        group->members[group->n++] = (Member) { account, finding, log };
        return 0;
}

static int collect(const Work *work, const SharedRule *rule, Group *group) {
        int r = 0;
        for (size_t i = 0; i < work->scene.n_reports; i++) {
                Report *report = work->scene.reports[i];
                for (size_t k = 0; r >= 0 && k < report->n_findings; k++)
                        if (is_member(rule, report, &report->findings[k], work->scene.key))
                                r = add_member(group, i, &report->findings[k], report->logs[report->findings[k].probe]);
        }
        return r;
}

static bool has_several_owners(const Group *group) {
        for (size_t i = 1; i < group->n; i++)
                if (!hosts_are_related(group->members[i].log->target.host, group->members[0].log->target.host))
                        return true;
        return false;
}

static bool is_proved(const SharedRule *rule, const Group *group) {
        for (size_t i = 0; rule->proof && i < group->n; i++)
                if (!strcmp(group->members[i].finding->info->id, rule->proof))
                        return true;
        return false;
}

static bool is_one_cause(const Work *work, const SharedRule *rule, const Group *group) {
        bool owners = !rule->several_owners || has_several_owners(group) || is_proved(rule, group);
        return group->n_accounts > 1 && owners && rule->holds(&work->scene);
}

/* ---- the finding ---- */

/* Hosts of the group, each once; ends with NULL. */
static void list_hosts(const Group *group, const char *ret[static HOSTS_SHOWN + 1]) {
        size_t n = 0;
        for (size_t i = 0; i < group->n && n < HOSTS_SHOWN; i++) {
                const char *host = group->members[i].log->target.host;
                size_t k = 0;
                while (k < n && strcmp(ret[k], host))
                        k++;
                if (k == n)
                        ret[n++] = host;
        }
        ret[n] = NULL;
}

/* Addresses of its accounts; one that has none is called by its number.  Ends with NULL; the caller frees the texts. */
static int list_accounts(const Work *work, const SharedFinding *finding, char *ret[]) {
        for (size_t i = 0; i < finding->n_accounts; i++) {
                const char *address = work->scene.reports[finding->accounts[i]]->address;
                int r = address ? asprintf(&ret[i], "%s", address) :
                                  asprintf(&ret[i], "#%zu", finding->accounts[i] + 1);
                if (r < 0) {
                        ret[i] = NULL;
                        return -ENOMEM;
                }
        }
        return 0;
}

static int fill_params(const Work *work, const SharedRule *rule, const Group *group, SharedFinding *finding) {
        const char *hosts[HOSTS_SHOWN + 1];
        char **accounts = calloc(finding->n_accounts + 1, sizeof(char *));

        list_hosts(group, hosts);
        md_record_init(&finding->params, "params");
        int r = accounts ? list_accounts(work, finding, accounts) : -ENOMEM;
        if (r >= 0)
                r = md_record_add(&finding->params, &MD_LIST("accounts", (const char *const *) accounts));
        if (r >= 0)
                r = md_record_add(&finding->params, &MD_NUMBER("count", finding->n_accounts));
        if (r >= 0)
                r = md_record_add(&finding->params, &MD_LIST("hosts", hosts));
        if (r >= 0 && rule->param)
                r = md_record_add(&finding->params, &MD_TEXT(rule->param, work->scene.key));
        for (size_t i = 0; accounts && i < finding->n_accounts; i++)
                free(accounts[i]);
        free(accounts);
        return r;
}

static int fill_texts(SharedFinding *finding) {
        finding->message = judge_fill(finding->info->title, &finding->params);
        finding->meaning = judge_fill(finding->info->meaning, &finding->params);
        finding->hint = judge_fill(finding->info->remedy, &finding->params);
        return finding->message && finding->meaning && finding->hint ? 0 : -ENOMEM;
}

static int set_accounts(const Group *group, SharedFinding *finding) {
        finding->accounts = calloc(group->n_accounts, sizeof(size_t));
        for (size_t i = 0; finding->accounts && i < group->n; i++)
                if (i == 0 || group->members[i].account != group->members[i - 1].account)
                        finding->accounts[finding->n_accounts++] = group->members[i].account;
        return finding->accounts ? 0 : -ENOMEM;
}

static int add_finding(const Work *work, const SharedRule *rule, const Group *group) {
        const MdFindingInfo *info = registry_finding(work->registry, rule->id, NULL);
        Shared *shared = work->shared;
        if (!info)
                return 0;
        SharedFinding *larger = reallocarray(shared->findings, shared->n_findings + 1, sizeof(SharedFinding));
        if (!larger)
                return -ENOMEM;
        shared->findings = larger;

        SharedFinding *finding = &shared->findings[shared->n_findings++];
        *finding = (SharedFinding) { .info = info };
        int r = set_accounts(group, finding);
        if (r >= 0)
                r = fill_params(work, rule, group, finding);
        if (r >= 0)
                r = fill_texts(finding);
        for (size_t i = 0; r >= 0 && i < group->n; i++)
                group->members[i].finding->cause = info->id;
        return r;
}

/* ---- the work ---- */

static int judge_group(const Work *work, const SharedRule *rule) {
        Group group = { 0 };

        int r = collect(work, rule, &group);
        if (r >= 0 && is_one_cause(work, rule, &group))
                r = add_finding(work, rule, &group);
        free(group.members);
        return r;
}

/* Each finding that belongs to no group yet may be the first of one. */
static int judge_rule(Work *work, const SharedRule *rule) {
        char key[8];
        int r = 0;

        for (size_t i = 0; i < work->scene.n_reports; i++) {
                const Report *report = work->scene.reports[i];
                for (size_t k = 0; r >= 0 && k < report->n_findings; k++) {
                        const Finding *finding = &report->findings[k];
                        if (finding->cause || !shared_rule_takes(rule, finding->info->id))
                                continue;
                        work->scene.key = rule->key(report->logs[finding->probe], key);
                        if (work->scene.key)
                                r = judge_group(work, rule);
                }
        }
        return r;
}

/* What was judged before of the same reports. */
static void forget(Report *const *reports, size_t n, Shared *shared) {
        for (size_t i = 0; i < n; i++)
                for (size_t k = 0; k < reports[i]->n_findings; k++) {
                        Finding *finding = &reports[i]->findings[k];
                        if (finding->cause && code_matches(finding->cause, "shared."))
                                finding->cause = NULL;
                }
        shared_done(shared);
}

int judge_shared(Report *const *reports, size_t n, const Registry *registry, Shared *shared) {
        Work work = { .scene = { reports, n, NULL }, .registry = registry, .shared = shared };
        int r = 0;

        forget(reports, n, shared);
        for (size_t i = 0; r >= 0 && n > 1 && i < n_shared_rules; i++)
                r = judge_rule(&work, &shared_rules[i]);
        if (r < 0)
                forget(reports, n, shared);
        return r;
}
