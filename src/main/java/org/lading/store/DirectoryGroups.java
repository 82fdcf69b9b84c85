package org.lading.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.lading.checksum.ContentId;

/** Contents of several directories, sorted so that those of one stand together, by their names. */
final class DirectoryGroups {
  private DirectoryGroups() {}

  /** One of the contents, with its place in the list that was given. */
  static final class Member {
    final ContentId content;
    final String directory;
    final byte[] name;
    final int place;

    Member(ContentId content, int place) {
      this.content = content;
      this.directory = content.directory();
      this.name = DirectoryKey.name(content);
      this.place = place;
    }

    private boolean isBeside(Member other) {
      return content.root().equals(other.content.root()) && directory.equals(other.directory);
    }
  }

  /** The contents of one directory; by their names, those of one name in the order given. */
  static final class Group {
    final byte[] directory;
    final List<Member> members;

    Group(List<Member> members) {
      this.directory = DirectoryKey.of(members.get(0).content);
      this.members = members;
    }

    byte[] firstName() {
      return members.get(0).name;
    }

    byte[] lastName() {
      return members.get(members.size() - 1).name;
    }
  }

  static List<Group> of(List<ContentId> contents) {
    List<Member> sorted = new ArrayList<>(contents.size());
    for (ContentId content : contents) {
      sorted.add(new Member(content, sorted.size()));
    }
    sorted.sort(
        Comparator.comparing((Member member) -> member.content.root())
            .thenComparing(member -> member.directory)
            .thenComparing(member -> member.name, Arrays::compareUnsigned));
    List<Group> groups = new ArrayList<>();
    int begin = 0;
    for (int end = 1; end <= sorted.size(); end++) {
      if (end == sorted.size() || !sorted.get(begin).isBeside(sorted.get(end))) {
        groups.add(new Group(sorted.subList(begin, end)));
        begin = end;
      }
    }
    return groups;
  }
}
