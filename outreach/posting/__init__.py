"""What mentors and stewards post to groups: checked, reviewed, sent, taken back."""
