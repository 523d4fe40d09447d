"""Who works here, for which organisation, with which powers, and how do they sign in?"""
