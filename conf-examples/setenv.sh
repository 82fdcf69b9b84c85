#!/bin/sh
# Tells Lading in Tomcat where its settings are: copy this file to $CATALINA_BASE/bin/setenv.sh.
CATALINA_OPTS="$CATALINA_OPTS -Dlading.config=/etc/lading/lading.yml"
export CATALINA_OPTS
# Tomcat's umask is 0027: what Lading writes for nginx can be read by Tomcat's group alone, so
# nginx's user has to be in that group.
