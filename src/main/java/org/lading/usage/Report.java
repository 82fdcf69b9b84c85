package org.lading.usage;

import java.util.Locale;

/**
 * What is counted, each with the query that counts it: the names of its columns are those of the
 * report. A delivery of a robot is in the columns of robots alone.
 */
enum Report {
  /** One row for each download that was created or delivered. */
  DOWNLOAD(
      """
      select w.id as download, w.client, w.subject, w.roots, w.created, w.files, w.length,
        coalesce(d.deliveries, 0) as deliveries, coalesce(d.complete, 0) as complete_deliveries,
        coalesce(d.bytes, 0) as bytes,
        coalesce(d.robots, 0) as robot_deliveries, coalesce(d.robot_bytes, 0) as robot_bytes,
        d.first as first_delivery, d.last as last_delivery
      from download w left join (
        select download, sum(not robot) as deliveries, sum(complete and not robot) as complete,
          sum(iif(robot, 0, bytes)) as bytes, sum(robot) as robots,
          sum(iif(robot, bytes, 0)) as robot_bytes, min(began) as first, max(began) as last
        from delivery group by download) d on d.download = w.id
      where d.download is not null or w.is_new
      order by w.created, w.id"""),

  /** One row for each root; a download of several counts for each. */
  ROOT(
      """
      select r.root, sum(w.is_new) as downloads, coalesce(sum(d.deliveries), 0) as deliveries,
        coalesce(sum(d.complete), 0) as complete_deliveries, coalesce(sum(d.bytes), 0) as bytes,
        coalesce(sum(f.files), 0) as files, coalesce(sum(f.bytes), 0) as file_bytes,
        coalesce(sum(iif(w.has_files, 0, d.deliveries)), 0) as deliveries_without_files,
        coalesce(sum(d.robots), 0) as robot_deliveries
      from download_root r join download w on w.id = r.download
      left join (
        select download, sum(not robot) as deliveries, sum(complete and not robot) as complete,
          sum(robot) as robots, sum(iif(robot, 0, bytes)) as bytes
        from delivery group by download) d on d.download = r.download
      left join (
        select download, root, sum(n) as files, sum(n * size) as bytes
        from file_count where not robot group by download, root) f
        on f.download = r.download and f.root = r.root
      where d.download is not null or w.is_new
      group by r.root order by r.root"""),

  /** One row for each file of which all bytes were delivered. */
  FILE(
      """
      select root, path, sum(iif(robot, 0, n)) as deliveries,
        sum(iif(robot, 0, n * size)) as bytes, sum(iif(robot, n, 0)) as robot_deliveries
      from file_count group by root, path order by deliveries desc, root, path"""),

  /** One row for each delivery. */
  DELIVERY(
      """
      select d.download, w.client, w.subject, w.roots, d.address, a.name as user_agent, d.robot,
        d.assembler, d.began, d.ended, d.replies, d.bytes, d.complete, d.reason
      from delivery d left join download w on w.id = d.download join agent a on a.id = d.agent
      order by d.began, d.id"""),

  /** One row for each kind of event of a client: how often it happened. */
  EVENT(
      """
      select event, client, page, status, code, n as events from happening
      order by event, client, page, status, code""");

  private final String query;

  Report(String query) {
    this.query = query;
  }

  /** Returns the query, over the tables of {@link UsageDatabase}. */
  String query() {
    return query;
  }

  /**
   * Returns the report of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Report named(String name) {
    for (Report report : values()) {
      if (report.name().toLowerCase(Locale.ROOT).equals(name)) {
        return report;
      }
    }
    throw new IllegalArgumentException("There is no report by " + name);
  }
}
