package gradus.lessons.sickruns;

/// What can be wrong with a training run, and how it shows.
public enum Sickness {
    RATE_TOO_HIGH("the learning rate is far too high"),
    NO_WARMUP("a high rate from the first step on, without warm-up"),
    RATE_TOO_SMALL("the learning rate is far too small"),
    SCHEDULE_TOO_SHORT("the schedule ends long before the run does"),
    DEAD_START("all weights start at zero"),
    NO_ZERO_GRAD("the gradients of earlier steps are never cleared"),
    DECAY_TOO_HIGH("weight decay pulls the weights to zero"),
    LEAKING_MASK("every position sees the token that it is to predict"),
    NOT_SHIFTED("the model is asked for the token that it is given"),
    UNSHUFFLED("the data come sorted, one kind after the other"),
    BROKEN_BATCHES("some batches are rubbish, and nothing clips their gradient"),
    OVERFITTING("too little data: the model learns it by heart");

    private final String meaning;

    Sickness(String meaning) {
        this.meaning = meaning;
    }

    /// What is wrong, in a few words.
    public String meaning() {
        return meaning;
    }
}
