/// `gradus lab induction`: heads that look for an earlier occurrence of a token and say what stood behind it.
package gradus.lessons.lab.induction;
