/// Searching, acting and drafting, measured on models that are trained here.
package gradus.lessons.lab.reasoning;
