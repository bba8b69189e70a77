/// `gradus lab attention`: what every kind of attention costs, and what it learns at equal compute.
package gradus.lessons.lab.attention;
