/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* maildiagd: reads its options, gives up its privileges, and lets the manager run. */

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sysexits.h>

#include "config.h"
#include "log.h"
#include "manager.h"
#include "own.h"
#include "privileges.h"

#define TIME_SCALE_MAX 1000u

typedef struct Arguments {
        ManagerConfig config;
        bool show_help, show_version;
        char *worker;                   /* owned; config borrows it */
        ControlList control;            /* the same */
} Arguments;

__attribute__((format(printf, 1, 2)))
static int usage_error(const char *format, ...) {
        va_list arguments;

        fputs("maildiagd: ", stderr);
        va_start(arguments, format);
        vfprintf(stderr, format, arguments);
        va_end(arguments);
        fputs("\n", stderr);
        return -EINVAL;
}

static void print_help(void) {
        puts("maildiagd [OPTION]...\n"
             "Answers on D-Bus what is wrong with the settings of a mail account.\n"
             "\n"
             "  --system           answer on the system bus (the default)\n"
             "  --user             answer on the session bus\n"
             "  --private          answer the peer of one socket, and end with it\n"
             "  --bus-fd=N         that socket; 3 when it is not given\n"
             "  --plugin-dir=DIR   where the plugins are\n"
             "  --worker=PATH      the program that runs them\n"
             "  --sockets=DIR      where to connect to one that the service manager runs, instead\n"
             "  --control=LIST     HOST:PORT,... of others that may be connected to for comparison; empty: nobody\n"
             "  --proxy=URL        http://HOST:PORT through which published settings are fetched, or none\n"
             "  --ispdb=URL        database of published settings to which a domain is added, or none\n"
             "  --state-dir=DIR    where it keeps what it has to remember: logins that it made\n"
             "  --config-dir=DIR   where its configuration is: maildiag.conf, accounts.d\n"
             "  --provider-dir=DIR where the administrator adds to the table of providers\n"
             "  --offline          ask nobody on the network what settings should be\n"
             "  --time-scale=N     divide the waiting times of a dialogue, for tests\n"
             "  --version          print the version\n"
             "  --help             print this");
}

/* ---- options ---- */

static int parse_number(const char *option, const char *text, unsigned long max, unsigned long *ret) {
        char *end;

        errno = 0;
        unsigned long number = strtoul(text, &end, 10);
        if (errno != 0 || *end || end == text || text[0] < '0' || text[0] > '9' || number > max)
                return usage_error("--%s=%s: must be a number up to %lu", option, text, max);
        *ret = number;
        return 0;
}

static int parse_time_scale(Arguments *arguments, const char *text) {
        unsigned long number;
        int r = parse_number("time-scale", text, TIME_SCALE_MAX, &number);
        if (r < 0)
                return r;
        if (number == 0)
                return usage_error("--time-scale=0: must be at least 1");
        arguments->config.time_scale = number;
        return 0;
}

static int parse_bus_fd(Arguments *arguments, const char *text) {
        unsigned long number;
        int r = parse_number("bus-fd", text, 65535, &number);
        if (r >= 0)
                arguments->config.bus_fd = (int) number;
        return r;
}

/* Named on the command line, they are the ones, whatever the configuration says. */
static int parse_control(Arguments *arguments, const char *text) {
        ControlList list;
        const char *fault;

        int r = control_list_parse(text, &list, &fault);
        if (r == -EINVAL)
                return usage_error("--control=%s: %s", text, fault);
        if (r < 0)
                return r;
        control_list_done(&arguments->control);
        arguments->control = list;
        return 0;
}

static int parse_address(const char *option, const char *text, const char *fault, const char **ret) {
        if (fault)
                return usage_error("--%s=%s: %s", option, text, fault);
        *ret = text;
        return 0;
}

static int parse_path(const char *option, const char *text, const char **ret) {
        if (!*text)
                return usage_error("--%s: must not be empty", option);
        *ret = text;
        return 0;
}

enum {
        OPTION_SYSTEM = 256,
        OPTION_USER,
        OPTION_PRIVATE,
        OPTION_BUS_FD,
        OPTION_PLUGIN_DIR,
        OPTION_WORKER,
        OPTION_SOCKETS,
        OPTION_CONTROL,
        OPTION_PROXY,
        OPTION_ISPDB,
        OPTION_STATE_DIR,
        OPTION_CONFIG_DIR,
        OPTION_PROVIDER_DIR,
        OPTION_OFFLINE,
        OPTION_TIME_SCALE,
        OPTION_VERSION,
        OPTION_HELP,
};

static int parse_option(Arguments *arguments, int option, const char *value) {
        switch (option) {
        case OPTION_SYSTEM:
                arguments->config.instance = INSTANCE_SYSTEM;
                return 0;
        case OPTION_USER:
                arguments->config.instance = INSTANCE_USER;
                return 0;
        case OPTION_PRIVATE:
                arguments->config.instance = INSTANCE_PRIVATE;
                return 0;
        case OPTION_BUS_FD:
                return parse_bus_fd(arguments, value);
        case OPTION_PLUGIN_DIR:
                return parse_path("plugin-dir", value, &arguments->config.worker.plugin_dir);
        case OPTION_WORKER:
                return parse_path("worker", value, &arguments->config.worker.program);
        case OPTION_SOCKETS:
                return parse_path("sockets", value, &arguments->config.worker.sockets);
        case OPTION_CONTROL:
                arguments->config.control_fixed = true;
                return parse_control(arguments, value);
        case OPTION_PROXY:
                return parse_address("proxy", value, conf_proxy_fault(value), &arguments->config.proxy);
        case OPTION_ISPDB:
                return parse_address("ispdb", value, conf_ispdb_fault(value), &arguments->config.ispdb);
        case OPTION_STATE_DIR:
                return parse_path("state-dir", value, &arguments->config.state_dir);
        case OPTION_CONFIG_DIR:
                return parse_path("config-dir", value, &arguments->config.config_dir);
        case OPTION_PROVIDER_DIR:
                return parse_path("provider-dir", value, &arguments->config.data_dir);
        case OPTION_OFFLINE:
                arguments->config.offline = true;
                return 0;
        case OPTION_TIME_SCALE:
                return parse_time_scale(arguments, value);
        case OPTION_VERSION:
                arguments->show_version = true;
                return 0;
        case OPTION_HELP:
                arguments->show_help = true;
                return 0;
        }
        return -EINVAL;
}

static int parse_options(Arguments *arguments, int argc, char *argv[]) {
        static const struct option options[] = {
                { "system", no_argument, NULL, OPTION_SYSTEM },
                { "user", no_argument, NULL, OPTION_USER },
                { "private", no_argument, NULL, OPTION_PRIVATE },
                { "bus-fd", required_argument, NULL, OPTION_BUS_FD },
                { "plugin-dir", required_argument, NULL, OPTION_PLUGIN_DIR },
                { "worker", required_argument, NULL, OPTION_WORKER },
                { "sockets", required_argument, NULL, OPTION_SOCKETS },
                { "control", required_argument, NULL, OPTION_CONTROL },
                { "proxy", required_argument, NULL, OPTION_PROXY },
                { "ispdb", required_argument, NULL, OPTION_ISPDB },
                { "state-dir", required_argument, NULL, OPTION_STATE_DIR },
                { "config-dir", required_argument, NULL, OPTION_CONFIG_DIR },
                { "provider-dir", required_argument, NULL, OPTION_PROVIDER_DIR },
                { "offline", no_argument, NULL, OPTION_OFFLINE },
                { "time-scale", required_argument, NULL, OPTION_TIME_SCALE },
                { "version", no_argument, NULL, OPTION_VERSION },
                { "help", no_argument, NULL, OPTION_HELP },
                { 0 },
        };
        int option;

        opterr = 0;
        while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
                if (option == '?' && optopt > 0 && optopt < OPTION_SYSTEM)
                        return usage_error("-%c: there is no such option", optopt);
                if (option == '?')
                        return usage_error("%s: there is no such option, or it takes no value", argv[optind - 1]);
                if (option == ':')
                        return usage_error("%s: needs a value", argv[optind - 1]);
                if (parse_option(arguments, option, optarg) < 0)
                        return -EINVAL;
        }
        return optind < argc ? usage_error("%s: there are no arguments but options", argv[optind]) : 0;
}

/* ---- what it stands on ---- */

/* For those who start it through a client: tests, and whoever is behind a link that costs money. */
static bool is_told_to_be_offline(void) {
        const char *word = secure_getenv("MAILDIAG_OFFLINE");
        return word && *word && strcmp(word, "0");
}

static int set_places(Arguments *arguments) {
        const char *plugin_dir = secure_getenv("MAILDIAG_PLUGINDIR"), *libexec_dir = secure_getenv("MAILDIAG_LIBEXECDIR");
        PeerConfig *worker = &arguments->config.worker;

        if (!worker->plugin_dir)
                worker->plugin_dir = plugin_dir && *plugin_dir ? plugin_dir : MAILDIAG_PLUGINDIR;
        if (worker->program)
                return 0;
        if (asprintf(&arguments->worker, "%s/maildiag-worker",
                     libexec_dir && *libexec_dir ? libexec_dir : MAILDIAG_LIBEXECDIR) < 0)
                return -ENOMEM;
        worker->program = arguments->worker;
        return 0;
}

static int check_bus_fd(ManagerConfig *config) {
        int type = 0, domain = 0;
        socklen_t size = sizeof(int);

        if (config->instance != INSTANCE_PRIVATE)
                return config->bus_fd >= 0 ? usage_error("--bus-fd: only with --private") : 0;
        if (config->bus_fd < 0)
                config->bus_fd = 3;
        if (getsockopt(config->bus_fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0 || type != SOCK_STREAM ||
            getsockopt(config->bus_fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) < 0 || domain != AF_UNIX)
                return usage_error("--bus-fd=%d: is not a stream socket of the local kind", config->bus_fd);
        return 0;
}

/* Whoever started the daemon may have left descriptors open; none is ours but the socket. */
static int close_others(int *bus_fd) {
        for (int fd = 0; fd <= 2; fd++)
                if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd)
                        return -errno;
        if (*bus_fd >= 0) {
                int fd = dup3(*bus_fd, 3, O_CLOEXEC);
                if (fd < 0 && (errno != EINVAL || fcntl(3, F_SETFD, FD_CLOEXEC) < 0))
                        return -errno;
                *bus_fd = 3;
        }
        return close_range(*bus_fd >= 0 ? 4 : 3, ~0U, 0) < 0 ? -errno : 0;
}

static void raise_descriptor_limit(void) {
        struct rlimit limit;
        if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
                return;
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
}

static int run(ManagerConfig *config) {
        const char *error = NULL;
        Manager *manager;

        int r = close_others(&config->bus_fd);
        if (r < 0) {
                log_line(LOG_ERR, "cannot put its descriptors in order: %s", strerror(-r));
                return EX_OSERR;
        }
        if (privileges_drop(config->instance, &error) < 0) {
                log_line(LOG_ERR, "%s", error);
                return EX_NOPERM;
        }
        raise_descriptor_limit();
        r = manager_new(config, &manager);
        if (r < 0) {
                log_line(LOG_ERR, "cannot start: %s", strerror(-r));
                return EX_OSERR;
        }
        int status = manager_run(manager);
        manager_free(manager);
        return status;
}

int main(int argc, char *argv[]) {
        Arguments arguments = { .config = { .instance = INSTANCE_SYSTEM, .bus_fd = -1, .time_scale = 1 } };

        if (parse_control(&arguments, MAILDIAG_CONTROL) < 0 || parse_options(&arguments, argc, argv) < 0)
                return EX_USAGE;
        if (arguments.show_help) {
                print_help();
                return EXIT_SUCCESS;
        }
        if (arguments.show_version) {
                puts("maildiagd " MAILDIAG_VERSION);
                return EXIT_SUCCESS;
        }
        arguments.config.offline = arguments.config.offline || is_told_to_be_offline();
        if (check_bus_fd(&arguments.config) < 0)
                return EX_USAGE;
        if (set_places(&arguments) < 0)
                return EX_OSERR;
        if (arguments.config.instance == INSTANCE_PRIVATE)
                log_set_level(LOG_ERR);
        arguments.config.control = &arguments.control;
        int status = run(&arguments.config);
        free(arguments.worker);
        control_list_done(&arguments.control);
        return status;
}
