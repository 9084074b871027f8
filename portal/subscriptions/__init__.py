"""Saved searches that come to people: by e-mail, or to a program by webhook. (A feed needs no one's address.)

book        who asked for what, and what is to be sent: the tables
collect     a search's new documents, made into deliveries
post        what is due is sent, once
mail        letters and how they are handed over (SMTP)
webhook     signed notices to programs

Of a reader nothing is kept but the address and the search; deleting takes both, and what was sent, away.
"""
