# The rules that wsgen.mk ends with, the same for every spec; wsgen.mk says what
# they build, and its first lines say how to use them.

WSGEN ?= wsgen
PKG_CONFIG ?= pkg-config
CFLAGS ?= -std=gnu11 -O2 -g -Wall -Wextra
CC_arm64 ?= aarch64-linux-gnu-gcc
CC_x86_64 ?= x86_64-linux-gnu-gcc
PKG_CONFIG_arm64 ?= $(call wsgen_pkg_config_for,aarch64)
PKG_CONFIG_x86_64 ?= $(call wsgen_pkg_config_for,x86_64)
wsgen_pkg_config_for = PKG_CONFIG_LIBDIR=$(subst $(wsgen_space),:,\
	$(wildcard /usr/lib/$(1)-linux-gnu/pkgconfig /usr/share/pkgconfig)) \
	$(PKG_CONFIG)

.DEFAULT_GOAL := all
.PHONY: all local foreign clean

wsgen_comma := ,
wsgen_space := $(subst ,, )
wsgen_makefile := $(firstword $(MAKEFILE_LIST))

ifneq ($(words $(CURDIR)),1)
$(error make cannot work in a folder with spaces in its path: '$(CURDIR)')
endif
ifneq ($(wildcard $(wsgen_build)/.wsgen/journal),)
$(error $(wsgen_build) is half written: run wsgen again to finish it)
endif

# The folder of the spec, with its slash; empty when make runs in it.
wsgen_source := $(abspath $(wsgen_build)/$(wsgen_to_spec))/
wsgen_source := $(if $(filter $(CURDIR)/%,$(wsgen_source)),\
	$(patsubst $(CURDIR)/%,%,$(wsgen_source)),\
	$(wsgen_build)/$(wsgen_to_spec)/)
wsgen_source := $(strip $(wsgen_source))

# The stamp is older than the spec when wsgen has to run: make does that
# first, as it reads the stamp like a makefile.
-include $(wsgen_build)/inputs.mk
-include $(wsgen_build)/.wsgen/stamp

# The runtime: beside the wsgen that is run, or where pkg-config finds it.
wsgen_home := $(dir $(realpath $(shell command -v $(WSGEN) 2>/dev/null)))
wsgen_pc := $(firstword $(if $(wsgen_home),$(realpath $(wildcard \
	$(addprefix $(wsgen_home),\
	meson-uninstalled/wsgen-runtime-uninstalled.pc \
	../lib/pkgconfig/wsgen-runtime.pc \
	../lib/*/pkgconfig/wsgen-runtime.pc \
	../lib64/pkgconfig/wsgen-runtime.pc)))) wsgen-runtime)
wsgen_pkg_config = $(shell $(PKG_CONFIG) --static $(1) $(wsgen_pc))

# Architectures have the names that the spec gives them.
wsgen_arch_name = $(patsubst amd64,x86_64,$(patsubst aarch64,arm64,$(1)))
wsgen_host := $(call wsgen_arch_name,$(shell uname -m))
wsgen_arch := $(call wsgen_arch_name,$(or $(ARCH),$(wsgen_host)))
wsgen_cc := $(CC)
wsgen_cc_pkg_config := $(PKG_CONFIG)

ifneq ($(MAKECMDGOALS),clean)
ifneq ($(and $(ARCH),$(filter-out x86_64 arm64,$(wsgen_arch))),)
$(error ARCH is x86_64 or arm64, not '$(ARCH)')
endif
wsgen_cc_arch := $(call wsgen_arch_name,$(firstword $(subst -, ,\
	$(shell $(CC) -dumpmachine))))
ifeq ($(wsgen_cc_arch),$(wsgen_arch))
else ifneq ($(wsgen_arch),$(wsgen_host))
wsgen_cc := $(CC_$(wsgen_arch))
wsgen_cc_pkg_config := $(PKG_CONFIG_$(wsgen_arch))
ifeq ($(shell command -v $(firstword $(wsgen_cc))),)
wsgen_gnu := $(subst _,-,$(patsubst arm64,aarch64,$(wsgen_arch)))
$(error no $(wsgen_cc), which compiles for $(wsgen_arch): install Debian's \
	gcc-$(wsgen_gnu)-linux-gnu, set CC_$(wsgen_arch) to another, or say \
	'make local' to build for this machine only)
endif
else ifneq ($(wsgen_cc_arch),)
$(error $(CC) compiles for $(wsgen_cc_arch), and this machine is \
	$(wsgen_host): say 'make ARCH=$(wsgen_cc_arch)')
endif
endif

wsgen_variant := $(subst $(wsgen_space),-,$(strip $(if $(ARCH),$(wsgen_arch)) \
	$(if $(SANITIZE),sanitize)))
wsgen_objects := $(wsgen_build)/obj/$(or $(wsgen_variant),host)
wsgen_out := $(wsgen_build)/$(or $(wsgen_variant),functions)
wsgen_cflags := -I$(wsgen_build) -I$(or $(wsgen_source),.) \
	-fdebug-prefix-map=$(CURDIR)=. -ffunction-sections -fdata-sections $(if $(SANITIZE),\
	-fsanitize=$(SANITIZE) -fno-omit-frame-pointer)
wsgen_ldflags := -Wl,--gc-sections -Wl,--as-needed $(if $(SANITIZE),\
	-fsanitize=$(SANITIZE),$(if $(filter no,$(STATIC)),,-static))

ifneq ($(MAKECMDGOALS),clean)
wsgen_cflags += $(call wsgen_pkg_config,--cflags)
wsgen_libs := $(call wsgen_pkg_config,--libs)
ifeq ($(wsgen_libs),)
$(error the runtime of wsgen is not found: install wsgen, or set \
	PKG_CONFIG_PATH to the folder of wsgen-runtime.pc)
endif
ifeq ($(wsgen_variant),)
wsgen_archive := $(wildcard $(addprefix $(call wsgen_pkg_config,\
	--variable=libdir)/,libwsgen.a libwsgen-tls.a))
else
# Built here, so not taken from where the installed one is.
wsgen_runtime := $(call wsgen_pkg_config,--variable=sourcedir)
wsgen_archive := $(wsgen_objects)/libwsgen.a $(wsgen_objects)/libwsgen-tls.a
wsgen_libs := -L$(wsgen_objects) -lwsgen -lwsgen-tls $(filter-out -L% \
	-lwsgen -lwsgen-tls %/libwsgen.a %/libwsgen-tls.a,$(wsgen_libs))

# HTTPS and tokens need OpenSSL for that architecture. Without, functions that
# neither send nor check tokens are built all the same; the others miss
# wsg_tls_open and wsg_key_new.
wsgen_tls := $(call wsgen_pkg_config,--variable=tlssource)
wsgen_has_ssl := $(shell $(wsgen_cc) $(CPPFLAGS) -E \
	-include openssl/ssl.h -x c /dev/null >/dev/null 2>&1 && echo yes)
ifneq ($(wsgen_tls),openssl.c)
else ifeq ($(wsgen_has_ssl),)
$(info no OpenSSL for $(wsgen_cc), as in Debian's libssl-dev:$(patsubst \
	x86_64,amd64,$(wsgen_arch)): functions that send or check tokens will \
	not link)
wsgen_tls :=
wsgen_libs := $(filter-out -lssl -lcrypto,$(wsgen_libs))
endif
endif
endif

# A user's file when there is one, else the stub that wsgen wrote for it.
wsgen_user_object = $(wsgen_objects)/$(if $(wildcard \
	$(wsgen_source)$(1)),user,stubs)/$(1:.c=.o)
wsgen_objects_of = $(patsubst %.c,$(wsgen_objects)/made/%.o,\
	$(wsgen_made_$(1))) \
	$(foreach file,$(wsgen_user_$(1)),$(call wsgen_user_object,$(file))) \
	$(patsubst %.c,$(wsgen_objects)/user/%.o,$(wsgen_sources_$(1)))
wsgen_bootstraps := $(patsubst %,$(wsgen_out)/%/bootstrap,\
	$(or $(wsgen_only),$(wsgen_functions)))

all: local foreign
local: $(wsgen_bootstraps) \
	$(if $(wsgen_variant),,$(wsgen_build)/compile_commands.json)

# Functions for other processors, by a make of its own for each of these.
wsgen_foreign := $(if $(wsgen_variant),,$(filter-out $(wsgen_host),\
	$(sort $(foreach function,$(wsgen_functions),\
	$(wsgen_arch_$(function))))))
wsgen_functions_for = $(strip $(foreach function,$(wsgen_functions),\
	$(if $(filter $(1),$(wsgen_arch_$(function))),$(function))))
.PHONY: $(wsgen_foreign:%=wsgen-%)
foreign: $(wsgen_foreign:%=wsgen-%)
$(wsgen_foreign:%=wsgen-%): wsgen-%:
	@$(MAKE) --no-print-directory -f $(wsgen_makefile) ARCH=$* \
		wsgen_only="$(call wsgen_functions_for,$*)" local

wsgen_all_objects :=
define wsgen_rules
wsgen_all_objects += $$(call wsgen_objects_of,$(1))
$$(wsgen_out)/$(1)/bootstrap: $$(call wsgen_objects_of,$(1)) $$(wsgen_archive)
endef
$(foreach function,$(wsgen_functions),\
	$(eval $(call wsgen_rules,$(function))))

# The libraries that a function names.
define wsgen_library_rules
$$(call wsgen_objects_of,$(1)): private wsgen_more_cflags += \
	$$(shell $$(wsgen_cc_pkg_config) --cflags $$(wsgen_libraries_$(1)))
$$(wsgen_out)/$(1)/bootstrap: private wsgen_more_libs = \
	$$(shell $$(wsgen_cc_pkg_config) \
	$(if $(filter -static,$(wsgen_ldflags)),--static) --libs \
	$$(wsgen_libraries_$(1)))
endef
$(foreach function,$(wsgen_functions),\
	$(if $(wsgen_libraries_$(function)),\
	$(eval $(call wsgen_library_rules,$(function)))))

wsgen_compile = $(wsgen_cc) $(wsgen_cflags) $(wsgen_more_cflags) $(CPPFLAGS) \
	$(CFLAGS) -c
wsgen_say = $(if $(V),,@echo '  $(1)' && )mkdir -p $(@D) &&
wsgen_run = $(wsgen_compile) -MMD -MP -o $@ $<

$(wsgen_objects)/made/%.o: $(wsgen_build)/%.c $(wsgen_objects)/flags
	$(call wsgen_say,cc    $<) $(wsgen_run)
$(wsgen_objects)/stubs/%.o: $(wsgen_build)/stubs/%.c $(wsgen_objects)/flags
	$(call wsgen_say,cc    $<) $(wsgen_run)
$(wsgen_objects)/user/%.o: $(wsgen_source)%.c $(wsgen_objects)/flags
	$(call wsgen_say,cc    $<) $(wsgen_run)

# With other flags everything is built again.
wsgen_flags := $(strip $(wsgen_cc) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) $(LDLIBS) \
	$(SANITIZE) $(filter -static,$(wsgen_ldflags)))
ifneq ($(MAKECMDGOALS),clean)
ifneq ($(file <$(wsgen_objects)/flags),$(wsgen_flags))
.PHONY: $(wsgen_objects)/flags
endif
endif
$(wsgen_objects)/flags:
	@$(shell mkdir -p $(@D))$(file >$@,$(wsgen_flags)):

# What Lambda could not start does not become a bootstrap: what is for another
# processor, or needs a later glibc than provided.al2023 has. What is static
# needs none, and what has sanitizers in it stays here.
wsgen_machine_arm64 := AArch64
wsgen_machine_x86_64 := X86-64
define wsgen_elf
function say(text) { print file " " text > "/dev/stderr" }
function need(minor) { if (minor + 0 > needs) needs = minor + 0 }
/^ *Machine:/ { sub(/.*: */, ""); found = $$0 }
/^ *INTERP/ { dynamic = 1 }
/Name: GLIBC_ABI_DT_RELR/ { need(36) }
/Name: GLIBC_2[.]/ { sub(/.*GLIBC_2[.]/, ""); need($$0) }
END {
	if (!found || !index(found, machine)) {
		say("is for " found ", not for " machine)
		exit 1
	}
	if (!dynamic)
		exit
	say("is dynamic and needs glibc 2." needs)
	if (sanitize || needs <= 34)
		exit
	say("would not start: Lambda's provided.al2023 has glibc 2.34")
	exit 1
}
endef
wsgen_tool = "$$($(wsgen_cc) -print-prog-name=$(1))"
wsgen_linked = $@$(if $(SANITIZE),,.debug)
# OpenSSL's own ways to look up names, which the runtime never takes.
wsgen_quieter := '/libcrypto.a(.*: in function/{$$!N;/\n.*: warning: Using .*/d;}'

$(wsgen_bootstraps): export wsgen_check := $(wsgen_elf)
$(wsgen_bootstraps): $(wsgen_objects)/flags
	$(call wsgen_say,link  $@) rm -f $@ && \
		$(wsgen_cc) $(wsgen_ldflags) -o $(wsgen_linked) \
		$(filter %.o,$^) $(LDFLAGS) $(wsgen_more_libs) $(wsgen_libs) \
		$(LDLIBS) 2>$@.log || failed=1; sed >&2 $(wsgen_quieter) \
		$@.log; rm -f $@.log; [ -z "$$failed" ] || { echo >&2 \
		"wsgen.mk: handlers that are missing: 'wsgen stub'" \
		"writes them"; exit 1; }
	@LC_ALL=C $(call wsgen_tool,readelf) -hlVW $(wsgen_linked) | awk \
		-v file=$@ -v machine="$(wsgen_machine_$(wsgen_arch))" \
		-v sanitize="$(SANITIZE)" "$$wsgen_check" || \
		{ rm -f $(wsgen_linked); exit 1; }
	$(if $(SANITIZE),,$(if $(V),,@)$(call wsgen_tool,objcopy) -S \
		--add-gnu-debuglink=$@.debug $@.debug $@)

ifdef wsgen_runtime
wsgen_runtime_objects := $(patsubst $(wsgen_runtime)/%.c,\
	$(wsgen_objects)/runtime/%.o,$(wildcard $(wsgen_runtime)/*.c))
wsgen_tls_objects := $(patsubst %.c,$(wsgen_objects)/runtime/tls/%.o,\
	$(wsgen_tls) $(if $(filter openssl.c,$(wsgen_tls)),tls_roots.c key.c) \
	$(if $(filter none.c,$(wsgen_tls)),no_key.c))
wsgen_all_objects += $(wsgen_runtime_objects) $(wsgen_tls_objects)

$(wsgen_objects)/runtime/tls/tls_roots.o: \
	$(call wsgen_pkg_config,--variable=tlsroots) $(wsgen_objects)/flags
	$(call wsgen_say,cc    $<) $(wsgen_run) -std=c11 \
		-I$(wsgen_runtime)/tls
$(wsgen_objects)/runtime/%.o: $(wsgen_runtime)/%.c $(wsgen_objects)/flags
	$(call wsgen_say,cc    $<) $(wsgen_run) -std=c11 \
		-D_POSIX_C_SOURCE=200809L

wsgen_make_archive = $(call wsgen_say,ar    $@) rm -f $@ && \
	$(call wsgen_tool,ar) rcs $@ $^

$(wsgen_objects)/libwsgen.a: $(wsgen_runtime_objects)
	$(wsgen_make_archive)
$(wsgen_objects)/libwsgen-tls.a: $(wsgen_tls_objects)
	$(wsgen_make_archive)
endif

# What editors ask for. It is written again when it would say other things.
wsgen_libraries := $(sort $(foreach function,$(wsgen_functions),\
	$(wsgen_libraries_$(function))))
wsgen_source_of = $(patsubst $(wsgen_objects)/made/%.o,$(wsgen_build)/%.c,\
	$(patsubst $(wsgen_objects)/stubs/%.o,$(wsgen_build)/stubs/%.c,\
	$(patsubst $(wsgen_objects)/user/%.o,$(wsgen_source)%.c,$(1))))
wsgen_listed := $(filter-out $(wsgen_objects)/runtime/%,\
	$(sort $(wsgen_all_objects)))
wsgen_json = "$(subst ",\",$(subst \,\\,$(1)))"
# $(1) is the object, $(2) its source, $(3) what stands before the entry.
define wsgen_entry
$(3)
{ "directory": $(call wsgen_json,$(CURDIR)),
  "file": $(call wsgen_json,$(2)),
  "command": $(call wsgen_json,$(strip $(wsgen_compile) \
	$(wsgen_library_cflags)) -o $(1) $(2)) }
endef
define wsgen_commands
[$(foreach object,$(wsgen_listed),$(call wsgen_entry,$(object),$(call \
	wsgen_source_of,$(object)),$(if $(filter $(object),$(firstword \
	$(wsgen_listed))),,$(wsgen_comma))))
]
endef

ifneq ($(MAKECMDGOALS),clean)
wsgen_library_cflags := $(if $(wsgen_libraries),$(shell \
	$(wsgen_cc_pkg_config) --cflags $(wsgen_libraries)))
ifneq ($(file <$(wsgen_build)/compile_commands.json),$(wsgen_commands))
.PHONY: $(wsgen_build)/compile_commands.json
endif
endif

$(wsgen_build)/compile_commands.json:
	@$(file >$@,$(wsgen_commands)):

clean:
	rm -rf $(wsgen_build)/obj $(wsgen_build)/compile_commands.json \
		$(foreach arch,arm64 x86_64,$(wsgen_build)/$(arch) \
		$(wsgen_build)/$(arch)-sanitize) $(wsgen_build)/sanitize
	rm -f $(wildcard $(wsgen_build)/functions/*/bootstrap) \
		$(wildcard $(wsgen_build)/functions/*/bootstrap.debug)

-include $(wildcard $(wsgen_all_objects:.o=.d))
