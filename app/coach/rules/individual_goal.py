"""A goal for one person: somebody named, a role's duty, or a skill to learn.

## Finds

A line whose doer is one person ("Maria closes four dealers", "I will run the retros", "… in her own name"),
the holder of a role
("The office manager answers every call"), or a skill somebody is to acquire ("Learn Spanish", "Improve my
presentation skills").

It leaves alone an owner named beside a team's result ("Cut returns from 9 % to 5 % (owner: Maria)"), people
who are customers, and names of products or companies that happen to act in a sentence. Only well-known
first names count as names, and those that are also products, tools or everyday words don't.

## Why it matters

The successor test: if this person left tomorrow, would the line still stand? A team's result would. What is
asked of one person belongs in a talk about their work and growth, where nobody has to make it look good in
front of the company.

## Do this instead

Name the result that the whole team wants, and put the person beside it as the one who looks after it. Keep
the learning goal in the development plan.

Before:

```okr
KR: Maria closes four dealers in the north
```

After:

```okr
KR: Sign the first four dealers in the north by 30 September (owner: Maria)
```

## Sources

Transformation: OKRs belong to teams, and the successor test tells them from a person's review. Worxmate:
closing a sum as one rep, mastering a language or presentation skills are performance or development.
Lattice: OKRs serve the business, objectives the employee. On the other side Doerr's What Matters maps OKRs
to individuals too, so the `doerr` profile doesn't raise this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from app.coach.nouns import Severity
from app.coach.rules.kinds import each_line
from app.coach.rules.rule import DraftView, Hit, LineView, Rule
from app.coach.words import Lexicon, Word, phrases

# Common first names of many countries. Left out on purpose: names that are also products, tools,
# companies or words (Claude, Alexa, Ruby, Julia, Jenkins, Mark, Will, Grace, Hope, Max, Devin, Cody).
FIRST_NAMES: Final = phrases(
    "Aaron, Abdul, Adam, Adrian, Ahmed, Aisha, Alan, Alejandro, Alessandro, Alice, Alina, Amanda, Amelia",
    "Amir, Amit, Ana, Anders, Andrea, Andreas, Andrew, Andrzej, Angela, Anita, Anja, Anna, Anne, Annika",
    "Antoine, Antonio, Anya, Arjun, Arthur, Ayşe, Barbara, Beatriz, Ben, Benjamin, Bernd, Birgit, Björn",
    "Brian, Bruno, Camille, Carla, Carlos, Carmen, Caroline, Catherine, Cecilia, Charlotte, Chloe, Chris",
    "Christine, Christoph, Claudia, Colin, Cristina, Daniel, Daniela, David, Deborah, Diego, Dimitri",
    "Dmitri, Dominik, Dorota, Eduardo, Elena, Elif, Elizabeth, Emily, Emma, Enrique, Eric, Erik, Esther",
    "Eva, Fatima, Felix, Fernanda, Fiona, Florian, Francesca, Francesco, François, Franziska, Fredrik",
    "Gabriel, Gabriela, George, Giulia, Giovanni, Greta, Guillaume, Gustavo, Hannah, Hans, Harald, Hassan",
    "Heike, Helen, Helena, Henrik, Hiroshi, Ibrahim, Ines, Ingrid, Irina, Isabel, Isabella, Ivan, Jakob",
    "James, Jan, Jana, Jane, Javier, Jennifer, Jens, Jessica, Joana, Joanna, Johan, Johanna, John, Jonas",
    "Jonathan, Jorge, José, Joseph, Joshua, João, Juan, Judith, Jürgen, Kamila, Karen, Karin, Karl",
    "Katarina, Kate, Katharina, Katja, Kenji, Kevin, Kristina, Krzysztof, Lars, Laura, Lena, Leon, Leonie",
    "Li, Liam, Linda, Lisa, Louise, Luca, Lucas, Lucia, Luis, Lukas, Maciej, Magdalena, Malik, Manuel",
    "Marco, Marcus, Margaret, Maria, Marie, Mario, Marta, Martin, Martina, Mateusz, Matthias, Matthew",
    "Maya, Mehmet, Mei, Melissa, Michael, Michelle, Miguel, Mohamed, Mohammed, Monika, Nadia, Naomi",
    "Natalia, Natalie, Nicole, Nikhil, Niklas, Nina, Noah, Olga, Oliver, Olivia, Omar, Pablo, Patricia",
    "Patrick, Paula, Paulo, Pedro, Peter, Petra, Philipp, Pierre, Piotr, Priya, Rachel, Rafael, Rahul",
    "Raj, Rebecca, Ricardo, Robert, Roberto, Ryan, Sabine, Sandra, Sanjay, Sara, Sarah, Sebastian, Sergei",
    "Silvia, Simon, Sofia, Sophie, Stefan, Stefanie, Stephanie, Stephen, Steven, Sunita, Susan, Susanne",
    "Sven, Tamara, Tanja, Teresa, Thomas, Thorsten, Tim, Tobias, Tom, Tomasz, Ulrich, Ursula, Uwe",
    "Valentina, Vanessa, Vera, Victor, Viktor, Vikram, Wei, Wolfgang, Xavier, Yasmin, Yuki, Yusuf, Zeynep",
    "Zoe",
)
ROLES: Final = phrases(
    "sales rep, sales representative, sales manager, account executive, account manager",
    "key account manager, product manager, product owner, project manager, office manager",
    "marketing manager, community manager, hr manager, store manager, branch manager, shop manager",
    "team lead, team leader, tech lead, scrum master, recruiter, receptionist, controller, bookkeeper",
    "accountant, secretary, ceo, cto, cfo, coo, cmo, cpo, managing director, head of sales",
    "head of marketing, head of product, head of engineering, head of people, head of hr, head of finance",
    "head of support, vp sales, vp of sales, vp marketing, vp of marketing, vp engineering",
    "vp of engineering, vp product, vp of product",
)
MORE_NAMES: Final = phrases(
    "Agnes, Agnieszka, Aleksander, Alexandra, Alexandre, Alfred, Ali, Amina, Amy, Andreea, Andrei, Anil, Annette",
    "Anthony, Anton, Astrid, Axel, Bogdan, Boris, Bridget, Chiara, Ciara, Clara, Clemens, Daria, Dario, Denise",
    "Deepak, Dennis, Dora, Dorothea, Edward, Eleanor, Ellen, Emil, Emre, Ernesto, Eugene, Ewa, Federico, Filip",
    "Francis, Frederik, Geoffrey, Gerald, Gerhard, Gianni, Gregor, Gunnar, Gustav, Hamza, Hanna, Hector, Henry",
    "Hugo, Ian, Igor, Ilse, Imran, Irene, Jakub, Jason, Jasmine, Joel, Jonah, Josef, Josephine, Julian, Juliette",
    "Justyna, Kasia, Katie, Khalid, Klaus, Lauren, Leila, Leo, Leonardo, Lorenzo, Ludwig, Lydia, Mads, Marek",
    "Margot, Marina, Markus, Mateo, Maurice, Miriam, Mikael, Milan, Mona, Nathan, Neil, Nora, Oscar, Otto, Paolo",
    "Pascal, Pavel, Philip, Pia, Ravi, Richard, Rita, Roland, Rosa, Rupert, Samuel, Samantha, Sean, Simone, Sonia",
    "Stella, Tania, Thea, Theo, Timothy, Tomas, Tomás, Tristan, Ulrike, Vincent, Walter, Wendy, William, Yvonne",
)
TITLES: Final = phrases(
    "lead, senior, junior, chief, head, dev, developer, engineer, designer, manager, director, analyst, rep, agent",
    "coach, nurse, doctor, dr, professor, prof, mr, mrs, ms, our, intern, trainee, clerk, editor, seller, buyer",
)
HIMSELF: Final = phrases(
    "himself, herself, in his own name, in her own name, on his own, on her own, single handedly",
)
DUTIES: Final = phrases(
    "closes, sells, signs, makes, calls, answers, handles, hires, trains, writes, delivers, completes",
    "finishes, achieves, hits, attends, learns, masters, takes, leads the, leads our, runs, prepares",
    "presents, publishes, reports, reviews, visits, books, wins, brings, gets, becomes, earns, reads",
    "passes, improves, increases, reduces, raises, cuts, organises, organizes, creates, builds, ships",
    "launches, owns, drives, posts, sends, processes, coaches, mentors, speaks, grows, keeps, manages, moves",
)
OBLIGATIONS: Final = phrases(
    "to, will, must, should, shall, has to, needs to, is to, closed, signed",
)
SKILLS: Final = phrases(
    "python, sql, java, javascript, typescript, rust, golang, excel, powerpoint, tableau, photoshop",
    "figma, salesforce, english, french, german, spanish, italian, portuguese, dutch, polish, mandarin",
    "chinese, japanese, arabic, public speaking, negotiation, presenting, time management, touch typing",
    "machine learning, data science, project management, a new language, a foreign language",
    "a second language, a programming language",
)
PERSONAL_SKILLS: Final = phrases(
    "presentation skills, presenting skills, public speaking, public speaking skills",
    "communication skills, leadership skills, negotiation skills, time management, time management skills",
    "people skills, language skills, writing skills, listening skills, management skills",
    "facilitation skills, coding skills, excel skills",
)
ACQUIRING: Final = phrases(
    "learn, master, improve, develop, sharpen, practise, practice, brush up, brush up on, strengthen",
)
ROLE_ARTICLES: Final = phrases(
    "the, our, each, every, a, as",
)
SELF: Final = phrases(
    "i will, i'll, i want, i have, i've, i am, i'm, i can, i close, i learn, i complete, i finish, i read",
)
MINE: Final = phrases(
    "my own, my skills, my knowledge, my team, my manager, my role, my career, my time, myself",
)

_NAMES: Final = Lexicon(FIRST_NAMES | MORE_NAMES)
_HIMSELF: Final = Lexicon(HIMSELF)
_ROLES: Final = Lexicon(ROLES)
_DUTIES: Final = Lexicon(DUTIES)
_OBLIGATIONS: Final = Lexicon(OBLIGATIONS)
_SKILLS: Final = Lexicon(SKILLS)
_PERSONAL_SKILLS: Final = Lexicon(PERSONAL_SKILLS)
_ACQUIRING: Final = Lexicon(ACQUIRING)
_SELF: Final = Lexicon(SELF)
_MINE: Final = Lexicon(MINE)
_LONGEST_TITLE: Final = 3
_QUOTES: Final = "\"“„«'‘”’»"


def _check(line: LineView, draft: DraftView) -> Iterator[Hit]:
    if hit := _named_person(line) or _role(line) or _skill(line) or _self(line):
        yield hit


def _named_person(line: LineView) -> Hit | None:
    words = line.words
    at = 0
    while at < min(_LONGEST_TITLE, len(words)) and words[at].text in TITLES:
        at += 1
    known = _NAMES.at(words, at)
    if at >= len(words) or not line.text[words[at].start].isupper() or not (known or _HIMSELF.within(words[at + 1 :])):
        return None
    doing = at + 1
    if len(words) > doing + 1 and line.text[words[doing].start].isupper():  # a surname
        doing += 1
    if not _adjoins(line, at, doing) or not (_DUTIES.at(words, doing) or _obliged(line, doing)):
        return None
    name = line.text[words[at].start : words[doing - 1].end]
    return _hit(line, at, doing - at, f"This asks something of {name} in person; if {name} left, it would be gone.")


def _role(line: LineView) -> Hit | None:
    words = line.words
    at = 1 if words and words[0].text in ROLE_ARTICLES else 0
    length = _ROLES.at(words, at)
    doing = at + length
    if not length or not _adjoins(line, at, doing) or not (_is_duty(words, doing) or _obliged(line, doing)):
        return None
    role = line.text[words[at].start : words[doing - 1].end]
    return _hit(
        line,
        at,
        length,
        f"“{role}” is one person's job; this is a duty of the role, not a result of the team.",
    )


def _skill(line: LineView) -> Hit | None:
    words = line.words
    length = _ACQUIRING.at(words, 0)
    if not length:
        return None
    length += len(words) > length and words[length].text == "my"
    only_learning = words[0].text in {"learn", "master"}
    skill = (only_learning and _SKILLS.at(words, length)) or _PERSONAL_SKILLS.at(words, length)
    if not skill or (line.measure.quantities and not only_learning):
        return None
    named = line.text[words[length].start : words[length + skill - 1].end]
    return _hit(
        line,
        0,
        length + skill,
        f"“{named}” is a skill that a person learns; it belongs in a development plan.",
    )


def _self(line: LineView) -> Hit | None:
    words = line.words
    length = _SELF.at(words, 0)
    found = None if length else _MINE.first(words)
    at, length = (found.position, found.length) if found else (0, length)
    if not length or (words[at].start and line.text[words[at].start - 1] in _QUOTES):
        return None
    word = line.text[words[at].start : words[at].end]
    return _hit(line, at, length, f"“{word}” makes this one person's goal; an OKR is what a team wants to reach.")


def _is_duty(words: Sequence[Word], at: int) -> bool:
    """Whether a role's work follows; that a director signs or approves something is an end state."""
    return bool(_DUTIES.at(words, at)) and words[at].text not in {"signs", "gets", "becomes"}


def _obliged(line: LineView, at: int) -> bool:
    """Whether "to", "will", "has"… and a word for doing follow the person."""
    length = _OBLIGATIONS.at(line.words, at)
    following = line.words[at + length :][:1]
    return bool(length) and any(word.text not in {"be", "the", "a"} for word in following)


def _adjoins(line: LineView, begin: int, end: int) -> bool:
    """Whether only spaces stand between words `begin` to `end`: a dash or colon makes an owner's tag."""
    words = line.words
    if end >= len(words):
        return False
    return all(line.text[words[i].end : words[i + 1].start].isspace() for i in range(begin, end))


def _hit(line: LineView, at: int, length: int, message: str) -> Hit:
    return Hit(line, line.words[at].start, line.words[at + length - 1].end, message)


RULE = Rule(
    id="individual-goal",
    severity=Severity.ERROR,
    message="This is a goal for one person rather than for the team.",
    question="If this person left tomorrow, what result would the team still want?",
    check=each_line(_check),
)
