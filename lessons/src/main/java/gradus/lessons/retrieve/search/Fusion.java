package gradus.lessons.retrieve.search;

import java.util.List;

/// Makes one ranking of several.
@FunctionalInterface
public interface Fusion {
    /// All documents of all rankings, each once, best first, equal ones by id.
    ///
    /// @param rankings each best first; an id that stands in one twice counts where it stands first
    List<Hit> fuse(List<List<Hit>> rankings);
}
