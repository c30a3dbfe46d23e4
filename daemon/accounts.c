/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Reading and reading again.
 *
 * A reading makes a list of its own, and only when it is whole is it joined with the one that is there: both are in the
 * order of ids, so one walk over the two finds what is new, what is another, and what is gone.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts.h"
#include "own.h"

typedef struct List {
        size_t n, size;
        Account **items;
} List;

typedef struct Place {
        const Source *source;
        char *path;
} Place;

struct Accounts {
        AccountsHooks hooks;
        size_t n_places;
        Place places[ACCOUNTS_SOURCES_MAX];
        List list;                      /* in the order of ids */
        size_t n_faults;
        AccountsFault *faults;
};

/* ---- lists ---- */

static void list_done(List *list) {
        for (size_t i = 0; i < list->n; i++)
                account_free(list->items[i]);
        free(list->items);
        *list = (List) { 0 };
}

static int list_add(List *list, Account *account) {
        if (list->n == list->size) {
                size_t size = list->size ? list->size * 2 : 16;
                Account **larger = reallocarray(list->items, size, sizeof(Account *));
                if (!larger)
                        return -ENOMEM;
                list->items = larger;
                list->size = size;
        }
        list->items[list->n++] = account;
        return 0;
}

static int compare_ids(const void *a, const void *b) {
        const Account *const *x = a, *const *y = b;
        return strcmp((*x)->id, (*y)->id);
}

static void faults_done(AccountsFault *faults, size_t n) {
        for (size_t i = 0; i < n; i++) {
                free(faults[i].path);
                free(faults[i].text);
        }
        free(faults);
}

/* ---- life ---- */

Accounts *accounts_new(void) {
        return calloc(1, sizeof(Accounts));
}

void accounts_clear_sources(Accounts *accounts) {
        for (size_t i = 0; i < accounts->n_places; i++)
                free(accounts->places[i].path);
        accounts->n_places = 0;
}

Accounts *accounts_free(Accounts *accounts) {
        if (!accounts)
                return NULL;
        accounts_clear_sources(accounts);
        list_done(&accounts->list);
        faults_done(accounts->faults, accounts->n_faults);
        free(accounts);
        return NULL;
}

void accounts_set_hooks(Accounts *accounts, const AccountsHooks *hooks) {
        accounts->hooks = hooks ? *hooks : (AccountsHooks) { 0 };
}

int accounts_add_source(Accounts *accounts, const Source *source, const char *path) {
        if (accounts->n_places == ACCOUNTS_SOURCES_MAX)
                return -E2BIG;
        char *copy = strdup(path);
        if (!copy)
                return -ENOMEM;
        accounts->places[accounts->n_places++] = (Place) { source, copy };
        return 0;
}

size_t accounts_n_sources(const Accounts *accounts) {
        return accounts->n_places;
}

const Source *accounts_source_at(const Accounts *accounts, size_t i, const char **ret_path, size_t *ret_n_accounts) {
        const Source *source = accounts->places[i].source;

        *ret_path = accounts->places[i].path;
        *ret_n_accounts = 0;
        for (size_t k = 0; k < accounts->list.n; k++)
                *ret_n_accounts += !strcmp(accounts->list.items[k]->program, source->program);
        return source;
}

/* ---- one reading ---- */

typedef struct Reading {
        const Accounts *accounts;
        const Source *only;             /* it is about this one; NULL: about all that are read here */
        const Source *source;           /* that is being read */
        List list;
        size_t n_faults;
        AccountsFault *faults;
} Reading;

static bool is_probed(const Accounts *accounts, const char *program) {
        for (size_t i = 0; i < accounts->n_places; i++)
                if (!accounts->places[i].source->read && !strcmp(accounts->places[i].source->program, program))
                        return true;
        return false;
}

/* Whether it says what there is of a program now; the rest stays as it is. */
static bool covers(const Reading *reading, const char *program) {
        return reading->only ? !strcmp(reading->only->program, program) : !is_probed(reading->accounts, program);
}

static int take_account(void *userdata, Account *account) {
        Reading *reading = userdata;
        int r = list_add(&reading->list, account);
        if (r < 0)
                account_free(account);
        return r;
}

static int take_fault(void *userdata, const char *path, unsigned line, const char *text) {
        Reading *reading = userdata;
        AccountsFault *larger = reallocarray(reading->faults, reading->n_faults + 1, sizeof(AccountsFault));
        if (!larger)
                return -ENOMEM;
        reading->faults = larger;
        AccountsFault fault = { reading->source, strdup(path), line, strdup(text) };
        if (!fault.path || !fault.text) {
                free(fault.path);
                free(fault.text);
                return -ENOMEM;
        }
        larger[reading->n_faults++] = fault;
        return 0;
}

static int read_places(void *userdata, const SourceSink *sink) {
        Reading *reading = userdata;
        const Accounts *accounts = reading->accounts;
        int r = 0;

        for (size_t i = 0; r >= 0 && i < accounts->n_places; i++) {
                reading->source = accounts->places[i].source;
                if (!reading->source->read)
                        continue;
                r = reading->source->read(accounts->places[i].path, sink);
        }
        return r;
}

/* What was broken in what this reading is not about still is. */
static int keep_faults(const Accounts *accounts, Reading *reading) {
        int r = 0;

        for (size_t i = 0; r >= 0 && i < accounts->n_faults; i++) {
                const AccountsFault *fault = &accounts->faults[i];
                reading->source = fault->source;
                if (!covers(reading, fault->source->program))
                        r = take_fault(reading, fault->path, fault->line, fault->text);
        }
        return r;
}

/* Of two with one id the first source wins, and who was there before. */
static int drop_doubles(Reading *reading) {
        List *list = &reading->list;
        size_t kept = 0;
        int r = 0;

        if (list->n > 1)
                qsort(list->items, list->n, sizeof(Account *), compare_ids);
        for (size_t i = 0; i < list->n; i++) {
                Account *account = list->items[i];
                const Account *other = accounts_find(reading->accounts, account->id);
                bool is_taken = other && !covers(reading, other->program);
                if (!is_taken && (kept == 0 || strcmp(list->items[kept - 1]->id, account->id))) {
                        list->items[kept++] = account;
                        continue;
                }
                if (r >= 0)
                        r = take_fault(reading, account->paths[0], 0, "describes an account whose id another has");
                account_free(account);
        }
        list->n = kept;
        return r;
}

/* ---- the old and the new ---- */

/* Of a directory all that was in it stays. */
static bool lies_in(const char *path, const char *faulty) {
        size_t length = strlen(faulty);
        return !strncmp(path, faulty, length) && (path[length] == '\0' || path[length] == '/');
}

static bool is_faulty(const Reading *reading, const Account *account) {
        for (size_t i = 0; i < reading->n_faults; i++)
                for (size_t k = 0; k < ACCOUNT_PATHS_MAX && account->paths[k]; k++)
                        if (lies_in(account->paths[k], reading->faults[i].path))
                                return true;
        return false;
}

static bool stays(const Reading *reading, const Account *account) {
        return !covers(reading, account->program) || is_faulty(reading, account);
}

/* What a reading comes to. */
typedef struct Outcome {
        List list;                      /* all, in the order of ids */
        List added, changed, removed;   /* borrowed, but for the removed */
} Outcome;

static int reserve(List *list, size_t size) {
        list->items = calloc(size > 0 ? size : 1, sizeof(Account *));
        list->size = size;
        return list->items ? 0 : -ENOMEM;
}

static void outcome_done(Outcome *outcome) {
        list_done(&outcome->removed);
        free(outcome->added.items);
        free(outcome->changed.items);
}

static int outcome_init(Outcome *outcome, size_t n_old, size_t n_new) {
        *outcome = (Outcome) { 0 };
        int r = reserve(&outcome->list, n_old + n_new);
        if (r >= 0)
                r = reserve(&outcome->added, n_new);
        if (r >= 0)
                r = reserve(&outcome->changed, n_new);
        if (r >= 0)
                r = reserve(&outcome->removed, n_old);
        if (r < 0) {
                free(outcome->list.items);
                outcome_done(outcome);
        }
        return r;
}

static void put(List *list, Account *account) {
        list->items[list->n++] = account;       /* there is room */
}

/* The same account, read again: the object that is there goes on. */
static void renew(Outcome *outcome, Account *old, Account *new) {
        if (!account_equal(old, new))
                put(&outcome->changed, old);
        account_take(old, new);
        account_free(new);
        put(&outcome->list, old);
}

static void add(Outcome *outcome, Account *new) {
        put(&outcome->added, new);
        put(&outcome->list, new);
}

static void join(const Accounts *accounts, Reading *reading, Outcome *outcome) {
        const List *old = &accounts->list, *new = &reading->list;
        size_t i = 0, k = 0;

        while (i < old->n || k < new->n) {
                int order = i == old->n ? 1 : k == new->n ? -1 : strcmp(old->items[i]->id, new->items[k]->id);
                if (order == 0)
                        renew(outcome, old->items[i++], new->items[k++]);
                else if (order > 0)
                        add(outcome, new->items[k++]);
                else {
                        put(stays(reading, old->items[i]) ? &outcome->list : &outcome->removed, old->items[i]);
                        i++;
                }
        }
        reading->list.n = 0;
}

static void tell(void (*hook)(void *userdata, Account *account), void *userdata, const List *list) {
        for (size_t i = 0; hook && i < list->n; i++)
                hook(userdata, list->items[i]);
}

/* Those that go can be found until they were told of, those that come from then on. */
static void install(Accounts *accounts, Reading *reading, Outcome *outcome) {
        const AccountsHooks *hooks = &accounts->hooks;

        tell(hooks->removed, hooks->userdata, &outcome->removed);
        free(accounts->list.items);
        accounts->list = outcome->list;
        faults_done(accounts->faults, accounts->n_faults);
        accounts->faults = TAKE_PTR(reading->faults);
        accounts->n_faults = reading->n_faults;
        reading->n_faults = 0;
        tell(hooks->added, hooks->userdata, &outcome->added);
        tell(hooks->changed, hooks->userdata, &outcome->changed);
}

static int read_some(Accounts *accounts, Reading *reading, int (*give)(void *userdata, const SourceSink *sink),
                     void *userdata) {
        const SourceSink sink = { take_account, take_fault, reading };
        Outcome outcome;

        int r = give(userdata, &sink);
        if (r >= 0)
                r = drop_doubles(reading);
        if (r >= 0)
                r = keep_faults(accounts, reading);
        if (r >= 0)
                r = outcome_init(&outcome, accounts->list.n, reading->list.n);
        if (r >= 0) {
                join(accounts, reading, &outcome);
                install(accounts, reading, &outcome);
                outcome_done(&outcome);
        }
        list_done(&reading->list);
        faults_done(reading->faults, reading->n_faults);
        return r < 0 ? r : 0;
}

int accounts_read(Accounts *accounts) {
        Reading reading = { .accounts = accounts };
        return read_some(accounts, &reading, read_places, &reading);
}

int accounts_take(Accounts *accounts, const Source *source, int (*give)(void *userdata, const SourceSink *sink),
                  void *userdata) {
        Reading reading = { .accounts = accounts, .only = source, .source = source };
        return read_some(accounts, &reading, give, userdata);
}

/* ---- questions ---- */

size_t accounts_n_faults(const Accounts *accounts) {
        return accounts->n_faults;
}

const AccountsFault *accounts_fault_at(const Accounts *accounts, size_t i) {
        return &accounts->faults[i];
}

char *accounts_faults_text(const Accounts *accounts) {
        const AccountsFault *fault = accounts->faults;
        char line[16] = "", more[48] = "", *text;

        if (accounts->n_faults == 0)
                return NULL;
        if (fault->line > 0)
                snprintf(line, sizeof(line), ":%u", fault->line);
        if (accounts->n_faults > 1)
                snprintf(more, sizeof(more), "; and %zu more", accounts->n_faults - 1);
        return asprintf(&text, "%s%s: %s%s", fault->path, line, fault->text, more) < 0 ? NULL : text;
}

size_t accounts_n(const Accounts *accounts) {
        return accounts->list.n;
}

Account *accounts_at(const Accounts *accounts, size_t i) {
        return accounts->list.items[i];
}

static int compare_id(const void *key, const void *item) {
        const Account *const *account = item;
        return strcmp(key, (*account)->id);
}

Account *accounts_find(const Accounts *accounts, const char *id) {
        const List *list = &accounts->list;
        Account **found = list->n > 0 ? bsearch(id, list->items, list->n, sizeof(Account *), compare_id) : NULL;
        return found ? *found : NULL;
}
