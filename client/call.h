/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The daemon's interface (org.maildiag.Diag1) as calls.  No other file of the client sees the bus. */

#include <jansson.h>
#include <stdint.h>

#include "settings.h"

typedef struct Call Call;

/* What travels beside the settings of a diagnosis; -1 is absent. */
typedef enum CallFd {
        CALL_FD_PASSWORD,
        CALL_FD_TOKEN,
        CALL_FD_CA,
        CALL_FD_CLIENT_CERT,
        CALL_FD_CLIENT_KEY,
        _CALL_FD_MAX,
} CallFd;

/* A probe moved on. */
typedef void (*ProgressFunc)(void *userdata, uint32_t done, uint32_t total, const char *service, const char *step);

/* All of these return 0, or an exit status after having said what is wrong. */

/* Whether what the settings say can be asked where they say, before anybody is asked for a secret. */
int call_check_place(const Settings *settings);
/* Reaches the daemon that the settings name; on another computer only where no descriptor has to travel. */
int call_new(const Settings *settings, Call **ret);
/* Leaves it; a running job ends, and so does a private daemon.  Returns NULL. */
Call *call_free(Call *call);

/* Diagnoses the services of the settings, or, if it is not NULL, a list of accounts (accounts.h); waits for the end, and
 * fetches the report: one JSON text, owned by the caller. */
int call_check(Call *call, const Settings *settings, const json_t *accounts, const int fds[static _CALL_FD_MAX],
               ProgressFunc progress, void *userdata, char **ret_report);
/* The same for accounts that the daemon knows, at most 64. */
int call_check_known(Call *call, const Settings *settings, const char *const *ids, size_t n_ids,
                     const int fds[static _CALL_FD_MAX], ProgressFunc progress, void *userdata, char **ret_report);
/* The daemon as one document: accounts, sources, status. */
int call_describe(Call *call, json_t **ret_document);
/* An account that the daemon knows, as one document. */
int call_describe_account(Call *call, const char *id, json_t **ret_account);
/* Whether an account file would be read.  STATUS_USAGE after having said what is wrong with it. */
int call_validate_account(Call *call, const char *id, const char *text);
/* Has configuration and accounts read again. */
int call_reload(Call *call);
/* Has a source ("all") read now; an array of the ids of its accounts. `path` NULL: the usual places. */
int call_import(Call *call, const char *source, const char *path, bool dry_run, json_t **ret_ids);
/* Has nobody told of an account ("": of all) until then: CLOCK_REALTIME, 0: no longer. */
int call_mute(Call *call, const char *id, uint64_t until_usec);

/* What is new about an account: its id, and its status before and now; NULL: it was not there before, or is no more. */
typedef int (*WatchFunc)(void *userdata, const char *id, const char *old, const char *new);
/* Tells what is new until the function returns something else than 0, which it then returns; the daemon leaving the bus is
 * STATUS_NO_DAEMON. `begun` is called when nothing can be missed any more. */
int call_watch(Call *call, int (*begun)(void *userdata), WatchFunc tell, void *userdata);

/* The catalogue's entry of a finding: an object of texts.  STATUS_NO_INPUT, with nothing said, when there is none. */
int call_explain(Call *call, const char *code, const char *locale, json_t **ret_entry);
/* What an error means that somebody pasted: an array of entries, likeliest first. */
int call_explain_text(Call *call, const char *text, const char *locale, json_t **ret_entries);
/* An array of the codes of all findings. */
int call_list_findings(Call *call, json_t **ret_codes);
/* An array of the plugins: objects with the properties of the interface, as "abi-version" for AbiVersion. */
int call_list_plugins(Call *call, json_t **ret_plugins);
