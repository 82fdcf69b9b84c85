#!/bin/sh
# Tells Lading in Tomcat where its settings are: copy this file to $CATALINA_BASE/bin/setenv.sh.
CATALINA_OPTS="$CATALINA_OPTS -Dlading.config=/etc/lading/lading.yml"
export CATALINA_OPTS
