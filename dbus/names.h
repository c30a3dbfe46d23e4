/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Names on the bus, shared by daemon and clients.  What they mean stands in org.maildiag.Diag1.xml. */

#define MAILDIAG_BUS_NAME "org.maildiag.Diag1"
#define MAILDIAG_PATH "/org/maildiag/Diag1"
#define MAILDIAG_PATH_ACCOUNT MAILDIAG_PATH "/account"
#define MAILDIAG_PATH_JOB MAILDIAG_PATH "/job"
#define MAILDIAG_PATH_PLUGIN MAILDIAG_PATH "/plugin"

#define MAILDIAG_INTERFACE_MANAGER "org.maildiag.Diag1.Manager"
#define MAILDIAG_INTERFACE_ACCOUNT "org.maildiag.Diag1.Account"
#define MAILDIAG_INTERFACE_JOB "org.maildiag.Diag1.Job"
#define MAILDIAG_INTERFACE_PLUGIN "org.maildiag.Diag1.Plugin"

#define MAILDIAG_ERROR_NO_SUCH_ACCOUNT "org.maildiag.Diag1.Error.NoSuchAccount"
#define MAILDIAG_ERROR_NO_SUCH_JOB "org.maildiag.Diag1.Error.NoSuchJob"
#define MAILDIAG_ERROR_NO_SUCH_PLUGIN "org.maildiag.Diag1.Error.NoSuchPlugin"
#define MAILDIAG_ERROR_NO_SUCH_CODE "org.maildiag.Diag1.Error.NoSuchCode"
#define MAILDIAG_ERROR_BUSY "org.maildiag.Diag1.Error.Busy"
#define MAILDIAG_ERROR_CONFIG_INVALID "org.maildiag.Diag1.Error.ConfigInvalid"
#define MAILDIAG_ERROR_SECRET_UNAVAILABLE "org.maildiag.Diag1.Error.SecretUnavailable"

#define MAILDIAG_REPORT_SCHEMA "maildiag-report/1"
#define MAILDIAG_REPORTS_SCHEMA "maildiag-reports/1"
