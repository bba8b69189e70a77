package gradus.lessons.lab.incontext;
public final class TryLin { }
