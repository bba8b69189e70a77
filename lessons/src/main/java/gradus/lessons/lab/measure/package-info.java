/// What experiments of `gradus lab` say their findings with: a mean with its interval over seeds, the verdict
/// that follows from it, and a picture.
package gradus.lessons.lab.measure;
