package gradus.lessons.retrieve.measure;

/// A number from 0 to 1 for one ranking: 1 is perfect.
public interface Measure {
    /// As tables call it, such as `nDCG@10`.
    String name();

    /// The value for one question.
    double of(Judged judged);
}
