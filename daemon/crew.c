/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Which worker does what, and how long that of discovery lives. */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "crew.h"
#include "log.h"
#include "own.h"

#define IDLE_USEC (20u * 1000u * 1000u) /* after which the worker of discovery is let go */

typedef enum Post {
        POST_DIALOGUES,
        POST_DISCOVERY,
        _POST_MAX,
} Post;

typedef struct Member {
        Crew *crew;
        Link *link;                     /* NULL: asleep */
        Registry *registry;             /* what it announced last; NULL: nothing yet */
} Member;

struct Crew {
        sd_event *event;
        PeerConfig config;
        CrewHooks hooks;
        Member members[_POST_MAX];
        char *folder;                   /* of the plugins for discovery; NULL: there is none */
        Registry *registry;             /* of all */
        sd_event_source *idle;
        uint64_t idle_usec;
        uint64_t n_changes;
};

/* ---- what is known ---- */

LinkState crew_state(const Crew *crew) {
        return link_state(crew->members[POST_DIALOGUES].link);
}

CrewDiscovery crew_discovery(const Crew *crew) {
        static const CrewDiscovery states[] = {
                [LINK_STARTING] = CREW_DISCOVERY_STARTING,
                [LINK_READY] = CREW_DISCOVERY_READY,
                [LINK_BROKEN] = CREW_DISCOVERY_BROKEN,
        };
        const Link *link = crew->members[POST_DISCOVERY].link;

        if (!crew->folder)
                return CREW_DISCOVERY_NONE;
        return link ? states[link_state(link)] : CREW_DISCOVERY_ASLEEP;
}

bool crew_knows_all(const Crew *crew) {
        return !crew->folder || crew->members[POST_DISCOVERY].registry || crew_discovery(crew) == CREW_DISCOVERY_BROKEN;
}

Registry *crew_registry(const Crew *crew) {
        return crew->registry;
}

uint64_t crew_n_changes(const Crew *crew) {
        return crew->n_changes;
}

/* Of both, as far as they have announced themselves. */
static void merge(Crew *crew) {
        Registry *dialogues = crew->members[POST_DIALOGUES].registry, *discovery = crew->members[POST_DISCOVERY].registry;

        if (!dialogues)
                return;
        Registry *merged = discovery ? registry_merge(dialogues, discovery) : registry_ref(dialogues);
        if (!merged)
                return;
        registry_free(crew->registry);
        crew->registry = merged;
}

/* ---- the worker of discovery comes and goes ---- */

static void rest_later(Crew *crew) {
        sd_event_source_set_time_relative(crew->idle, crew->idle_usec);
        sd_event_source_set_enabled(crew->idle, SD_EVENT_ONESHOT);
}

static int on_idle(sd_event_source *source, uint64_t usec, void *userdata) {
        Crew *crew = userdata;
        Member *member = &crew->members[POST_DISCOVERY];

        /* One that was not heard out yet may be waited for. */
        if (member->link && (link_n_probes(member->link) > 0 || link_state(member->link) == LINK_STARTING))
                rest_later(crew);
        else
                member->link = link_free(member->link);
        return 0;
}

/* ---- what the links tell ---- */

static void on_ready(void *userdata, Registry *registry) {
        Member *member = userdata;
        Crew *crew = member->crew;

        registry_free(member->registry);
        member->registry = registry;
        merge(crew);
        crew->n_changes++;
        if (crew->registry)
                crew->hooks.ready(crew->hooks.userdata);
}

static void on_room(void *userdata) {
        Member *member = userdata;
        Crew *crew = member->crew;

        crew->n_changes++;
        if (member == &crew->members[POST_DISCOVERY])
                rest_later(crew);
        crew->hooks.room(crew->hooks.userdata);
}

static void on_network(void *userdata, const char *state, bool changed) {
        Member *member = userdata;
        Crew *crew = member->crew;

        if (member == &crew->members[POST_DIALOGUES])
                crew->hooks.network(crew->hooks.userdata, state, changed);
}

static void on_lost(void *userdata, const char *why) {
        Member *member = userdata;
        Crew *crew = member->crew;

        if (member == &crew->members[POST_DIALOGUES])
                crew->hooks.lost(crew->hooks.userdata, why);
        else
                on_room(member);
}

static int start(Crew *crew, Post post) {
        Member *member = &crew->members[post];
        const LinkHooks hooks = { on_ready, on_lost, on_room, on_network, member };
        PeerConfig config = crew->config;

        config.discovery = post == POST_DISCOVERY;
        if (config.discovery)
                config.plugin_dir = crew->folder;
        return link_new(crew->event, &config, &hooks, &member->link);
}

void crew_wake_discovery(Crew *crew) {
        if (crew->folder && !crew->members[POST_DISCOVERY].link) {
                int r = start(crew, POST_DISCOVERY);
                if (r < 0)
                        log_line(LOG_WARNING, "the worker of discovery cannot be started: %s", strerror(-r));
        }
        rest_later(crew);
}

/* ---- probes ---- */

/* Of a plugin that nobody has announced, the worker of the dialogues will say so. */
static const Member *member_of(const Crew *crew, const char *plugin) {
        const Member *discovery = &crew->members[POST_DISCOVERY];
        const Registry *dialogues = crew->members[POST_DIALOGUES].registry;
        bool known = discovery->registry && registry_has(discovery->registry, plugin) &&
                     !(dialogues && registry_has(dialogues, plugin));

        return known ? discovery : &crew->members[POST_DIALOGUES];
}

static bool has_room(const Member *member) {
        return member->link && link_has_room(member->link);
}

/* One whose worker does not start is not kept waiting. */
bool crew_has_room(const Crew *crew, const char *plugin) {
        if (!plugin)
                return has_room(&crew->members[POST_DIALOGUES]) || has_room(&crew->members[POST_DISCOVERY]);
        const Member *member = member_of(crew, plugin);
        return has_room(member) || (member->link && member != &crew->members[POST_DIALOGUES] &&
                                    link_state(member->link) == LINK_BROKEN);
}

void crew_want(Crew *crew, const char *plugin) {
        if (member_of(crew, plugin) == &crew->members[POST_DISCOVERY])
                crew_wake_discovery(crew);
}

int crew_start_probe(Crew *crew, ProbeLog *log, const int fds[static _MD_TARGET_FD_MAX], LinkProbeHandler handler,
                     void *userdata, LinkProbe **ret) {
        const Member *member = member_of(crew, log->target.plugin);

        if (member == &crew->members[POST_DISCOVERY])
                crew_wake_discovery(crew);
        if (!member->link || (member != &crew->members[POST_DIALOGUES] && link_state(member->link) == LINK_BROKEN))
                return -EHOSTDOWN;
        return link_start_probe(member->link, log, fds, handler, userdata, ret);
}

/* ---- life ---- */

/* NULL: there is none, or no memory. */
static char *find_folder(const char *plugin_dir) {
        struct stat info;
        char *folder;

        if (asprintf(&folder, "%s/discovery", plugin_dir) < 0)
                return NULL;
        if (stat(folder, &info) >= 0 && S_ISDIR(info.st_mode))
                return folder;
        free(folder);
        return NULL;
}

int crew_new(sd_event *event, const PeerConfig *config, uint32_t time_scale, const CrewHooks *hooks, Crew **ret) {
        Crew *crew = calloc(1, sizeof(*crew));
        if (!crew)
                return -ENOMEM;
        crew->event = sd_event_ref(event);
        crew->config = *config;
        crew->hooks = *hooks;
        crew->idle_usec = IDLE_USEC / time_scale;
        crew->folder = find_folder(config->plugin_dir);
        for (Post post = 0; post < _POST_MAX; post++)
                crew->members[post].crew = crew;

        int r = sd_event_add_time_relative(event, &crew->idle, CLOCK_BOOTTIME, 0, 1000000, on_idle, crew);
        if (r >= 0)
                r = sd_event_source_set_enabled(crew->idle, SD_EVENT_OFF);
        if (r >= 0)
                r = start(crew, POST_DIALOGUES);
        if (r < 0) {
                crew_free(crew);
                return r;
        }
        *ret = crew;
        return 0;
}

Crew *crew_free(Crew *crew) {
        if (!crew)
                return NULL;
        for (Post post = 0; post < _POST_MAX; post++) {
                link_free(crew->members[post].link);
                registry_free(crew->members[post].registry);
        }
        registry_free(crew->registry);
        sd_event_source_disable_unref(crew->idle);
        sd_event_unref(crew->event);
        free(crew->folder);
        free(crew);
        return NULL;
}
