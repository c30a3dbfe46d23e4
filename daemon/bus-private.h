/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the files of the bus share: one file per interface (bus-manager, bus-job, bus-plugin), and one for each thing that
 * goes into a message or comes out of one. */

#include <systemd/sd-bus.h>

#include "bus.h"
#include "options.h"

extern const sd_bus_vtable bus_manager_vtable[];
extern const sd_bus_vtable bus_account_vtable[];
extern const sd_bus_vtable bus_job_vtable[];
extern const sd_bus_vtable bus_log_vtable[];
extern const sd_bus_vtable bus_plugin_vtable[];

int bus_account_find(sd_bus *bus, const char *path, const char *interface, void *userdata, void **ret,
                     sd_bus_error *error);
int bus_account_enumerate(sd_bus *bus, const char *prefix, void *userdata, char ***ret, sd_bus_error *error);
int bus_job_find(sd_bus *bus, const char *path, const char *interface, void *userdata, void **ret, sd_bus_error *error);
int bus_job_enumerate(sd_bus *bus, const char *prefix, void *userdata, char ***ret, sd_bus_error *error);
int bus_plugin_find(sd_bus *bus, const char *path, const char *interface, void *userdata, void **ret,
                    sd_bus_error *error);
int bus_plugin_enumerate(sd_bus *bus, const char *prefix, void *userdata, char ***ret, sd_bus_error *error);

/* Path of a job's object; the caller frees it; NULL: out of memory. */
char *bus_job_path(const Job *job);

/* Path of an account's object; the caller frees it; NULL: out of memory. */
char *bus_account_path(const Account *account);
/* Sets the error that there is no such account; returns -ENOENT. */
int bus_account_missing(const char *id, sd_bus_error *error);

/* ---- checks ---- */

/* Starts what was read; `impatient`: its end answers the call, else it sends signals to the caller.  Returns 1, or -errno
 * with the error set. */
int bus_begin_check(Manager *manager, sd_bus_message *call, uid_t uid, JobRequest *request, Job **ret,
                    sd_bus_error *error);
/* Checks an account that the daemon knows; its options are what comes next in the call. */
int bus_check_account(Manager *manager, sd_bus_message *call, const char *id, sd_bus_error *error);
int bus_method_check_account(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_start_check(sd_bus_message *call, void *userdata, sd_bus_error *error);

/* ---- the accounts as a whole (bus-list.c) ---- */

int bus_method_list_accounts(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_get_account(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_import_accounts(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_list_sources(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_validate_account(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_reload(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_mute(sd_bus_message *call, void *userdata, sd_bus_error *error);

/* Opens the secrets that a request names, if `uid` may.  Returns 0, or -errno with the error set. */
int bus_open_secrets(const Manager *manager, uid_t uid, JobRequest *request, sd_bus_error *error);

/* ---- what findings and texts mean (bus-explain.c) ---- */

int bus_method_explain(sd_bus_message *call, void *userdata, sd_bus_error *error);
int bus_method_explain_text(sd_bus_message *call, void *userdata, sd_bus_error *error);

/* ---- what has to wait (bus-later.c) ---- */

typedef struct BusLater BusLater;

BusLater *bus_later_new(void);
BusLater *bus_later_free(BusLater *later);
BusLater *bus_later(Bus *bus);
/* Returns 0 when the plugins of all workers are known; else 1: `method` will be called again for this call then; or -errno
 * with the error set. */
int bus_when_all_are_known(sd_bus_message *call, Manager *manager, sd_bus_message_handler_t method, sd_bus_error *error);

/* ---- callers who may leave ---- */

typedef struct BusCallers BusCallers;
typedef struct BusCaller BusCaller;

BusCallers *bus_callers_new(sd_bus *bus);
BusCallers *bus_callers_free(BusCallers *callers);
BusCallers *bus_callers(Bus *bus);

/* Has `left` called, once, when the connection of this unique name leaves the bus; the caller is forgotten then.  Returns 0, or
 * -errno: also when it has left. */
int bus_caller_watch(BusCallers *callers, const char *name, void (*left)(void *userdata), void *userdata, BusCaller **ret);
BusCaller *bus_caller_forget(BusCaller *caller);

/* ---- the gate of the system instance ---- */

typedef struct BusGate BusGate;

/* Stands before everything that the bus has, once it is there. */
int bus_gate_new(sd_bus *bus, Manager *manager, BusGate **ret);
BusGate *bus_gate_free(BusGate *gate);

/* Has a request for servers that a user of the system names stay within his limits.  Returns 0, or -errno with the error set:
 * a port that is none of mail, too many servers. */
int bus_guard_request(Manager *manager, uid_t uid, JobRequest *request, sd_bus_error *error);

/* ---- errors ---- */

/* Makes the names of our errors known to sd-bus. */
int bus_errors_register(void);
/* Sets the bus error that belongs to a -errno of the daemon, with this text, or a general one when it is NULL.
 * Returns `r`. */
int bus_error_from(sd_bus_error *error, int r, const char *text);

/* ---- settings and findings ---- */

/* Read the arguments of CheckServer, of CheckSettings, and of StartCheckAccounts.  `request` starts as all zero; they return
 * 0, or -errno with the error set. */
int bus_read_server(sd_bus_message *call, JobRequest *request, sd_bus_error *error);
int bus_read_settings(sd_bus_message *call, JobRequest *request, sd_bus_error *error);
int bus_read_accounts(sd_bus_message *call, JobRequest *request, sd_bus_error *error);
/* Of Discover. */
int bus_read_discover(sd_bus_message *call, JobRequest *request, sd_bus_error *error);
/* Appends aa{sv}: what was found, the best first. */
int bus_append_candidates(sd_bus_message *message, const Report *report);

/* Append aa{sv}: the findings of a report; those of several accounts that name this one. */
int bus_append_findings(sd_bus_message *message, const Report *report);
int bus_append_shared(sd_bus_message *message, const Shared *shared, size_t account);
/* Append one entry of a{sv}. */
int bus_append_text(sd_bus_message *message, const char *key, const char *text);
int bus_append_truth(sd_bus_message *message, const char *key, bool truth);
/* Append what is kept as JSON: a dictionary, a list of them (NULL: an empty one). */
int bus_append_object(sd_bus_message *message, const json_t *object);
int bus_append_objects(sd_bus_message *message, const json_t *list);
/* Around the value of an entry of another type. */
int bus_open_variant(sd_bus_message *message, const char *key, const char *signature);
int bus_close_variant(sd_bus_message *message);

/* ---- who waits for a job ---- */

/* Has the job answer this call when it has ended. */
int bus_reply_later(Manager *manager, sd_bus_message *call, Job *job);
/* Has the job send its signals to the sender of this call. */
int bus_announce(Manager *manager, sd_bus_message *call, Job *job);
